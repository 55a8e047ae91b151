import { exercisesOf, rehearse, RehearsedStudent } from './rehearsal';
import type { Server } from './server';

const MINUTE = 60_000;

const EXERCISES = exercisesOf(3);

/** When the notebook was opened by all. */
export const BEGAN_MS = Date.now() - 40 * MINUTE;

/** Who is in the class; NIL never begins, and TIM teaches. */
const MEMBERS = [
  ['ANN', 'A'],
  ['BEA', 'B'],
  ['CLEO', 'A'],
  ['DAN', 'B'],
  ['EVE', 'A'],
  ['FAY', 'B'],
  ['NIL', 'A'],
  ['TIM', '']
] as const;

/**
 * A class of seven with each state of Exercise 1, and two who are stuck at one error.
 *
 * - ANN has opened the notebook, and the solution of Exercise 3;
 * - BEA has run Exercise 1 twice;
 * - CLEO has failed it three times, and has a missing event;
 * - DAN has passed it at once; in Exercise 2 he is stuck, and was away for ten minutes;
 * - EVE has passed it at the third try; in Exercise 2 she is stuck, three times by now;
 * - FAY has opened the solution before trying, and passed at the second try; in Exercise 2 she met
 *   the error and passed, after five minutes.
 */
export async function aClass(server: Server, notebook: string): Promise<void> {
  const [ann, bea, cleo, dan, eve, fay, , tim] = MEMBERS.map(
    ([id]) => new RehearsedStudent(id, notebook, BEGAN_MS)
  );
  ann.peek('cell3');
  bea.run('cell1', 'x = 1').run('cell1', 'x = 2');
  cleo.run('cell1', 'x = 1').delay();
  for (const wrong of ['too small', 'too large', 'too small']) {
    cleo.test('test_1', 'cell1', false, wrong);
  }
  dan.run('cell1', 'x = 7').test('test_1', 'cell1', true);
  dan.run('cell2', "y = ages['dan']", "'dan'").away(10);
  eve.test('test_1', 'cell1', false).test('test_1', 'cell1', false);
  eve.test('test_1', 'cell1', true);
  for (const key of ["'e'", "'v'", "'w'"]) {
    eve.run('cell2', `y = size[${key}]`, key);
  }
  fay.peek('cell1').test('test_1', 'cell1', false);
  fay.test('test_1', 'cell1', true).run('cell2', "y = table['f']", "'f'");
  fay.work(5).test('test_2', 'cell2', true);
  tim.test('test_1', 'cell1', true).run('cell2', "y = table['t']", "'t'");
  await rehearse(
    server,
    notebook,
    EXERCISES,
    [ann, bea, cleo, dan, eve, fay, tim],
    MEMBERS.map(([id, group]) => ({
      id,
      name: `${id[0]}${id.slice(1).toLowerCase()} Person`,
      group,
      is_staff: id === 'TIM'
    }))
  );
}
