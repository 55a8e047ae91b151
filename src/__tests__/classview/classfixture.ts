import type { AnswerName, ResultOf } from '../../classview/answers';
import type { ExerciseRef, Quartiles } from '../../classview/answers/common';
import type { ProgressCell } from '../../classview/answers/progress';

const MINUTE = 60_000;

/** A class as the server would answer about it: the same for the same numbers. */
export interface IClassFixture {
  readonly answers: { readonly [N in AnswerName]: ResultOf<N> };
}

/** Numbers between 0 and 1 that look random and are the same each time (mulberry32). */
export function randomly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const TITLES = [
  'Virtual environments',
  'Requirements',
  'Formatting and linting',
  'Type hints',
  'Tests with pytest',
  'Packaging'
];

function quartilesOf(values: number[]): Quartiles {
  if (values.length < 5) {
    return null;
  }
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.floor(share * (sorted.length - 1))];
  return { n: sorted.length, q1: at(0.25), median: at(0.5), q3: at(0.75) };
}

/**
 * Make a class.
 *
 * @param nowMs - when it is looked at
 */
export function classOf(
  students: number,
  exercises: number,
  nowMs: number,
  seed = 7
): IClassFixture {
  const random = randomly(seed);
  const upTo = (most: number): number => Math.floor(random() * most);
  const notebook = 'D1_Python_Tooling';
  const refs: ExerciseRef[] = Array.from({ length: exercises }, (_, index) => ({
    notebook,
    exercise: `exercise ${index + 1}`,
    title: `${index + 1}. ${TITLES[index % TITLES.length]}`,
    cell_id: `cell${index + 1}`,
    is_tested: true
  }));
  const ids = Array.from(
    { length: students },
    (_, index) =>
      `STUDENT_${String.fromCharCode(65 + (index % 26))}${index + 1}`
  );
  const spark = (): number[] => Array.from({ length: 12 }, () => upTo(30));

  const cellOf = (skill: number, index: number): ProgressCell => {
    const ease = skill * 1.6 - (index / exercises) * 1.1 + random() * 0.4;
    if (ease < 0.2) {
      return null;
    }
    const fails = upTo(6);
    const state =
      ease < 0.35
        ? 'tried'
        : ease < 0.55
          ? 'failing'
          : random() < 0.15
            ? 'peeked'
            : 'passed';
    return {
      state,
      runs: 1 + fails + upTo(5),
      tries: state === 'tried' ? 0 : fails + 1,
      fails: state === 'tried' ? 0 : fails,
      active_ms: (2 + upTo(12)) * MINUTE,
      last_ms: nowMs - upTo(40) * MINUTE
    };
  };
  const rows = ids.map((student, index) => {
    const skill = random();
    const isAbsent = index % 17 === 16;
    const cells = refs.map((_, nth) => (isAbsent ? null : cellOf(skill, nth)));
    const done = cells.filter(
      cell => cell?.state === 'passed' || cell?.state === 'peeked'
    );
    return {
      student,
      solved: done.length,
      last_ms: isAbsent ? null : nowMs - upTo(30) * MINUTE,
      active_ms: cells.reduce((sum, cell) => sum + (cell?.active_ms ?? 0), 0),
      spark: isAbsent ? new Array<number>(12).fill(0) : spark(),
      cells
    };
  });
  const column = (nth: number): Exclude<ProgressCell, null>[] =>
    rows.flatMap(({ cells }) => cells[nth] ?? []);
  const passedOf = (nth: number): Exclude<ProgressCell, null>[] =>
    column(nth).filter(({ state }) => state === 'passed' || state === 'peeked');
  const solvedShare = refs.map((_, nth) => passedOf(nth).length / students);
  const present = rows.filter(({ last_ms }) => last_ms !== null);
  const everybody = rows.map(({ student, solved, last_ms, active_ms }) => ({
    student,
    notebooks: [notebook],
    solved,
    of: exercises,
    runs: upTo(80),
    errors: upTo(30),
    fails: upTo(20),
    peeks: upTo(5),
    pastes: upTo(9),
    active_ms,
    away_share: last_ms === null ? null : random() / 3,
    eq: last_ms === null ? null : random(),
    red: last_ms === null ? null : random() * 3,
    last_ms
  }));
  const someone = (index: number): string => ids[index % students];

  return {
    answers: {
      overview: {
        notebooks: [
          {
            notebook,
            outline: 'saved',
            students,
            exercises,
            last_ms: nowMs - MINUTE
          },
          {
            notebook: 'D2_Testing',
            outline: 'derived',
            students: 3,
            exercises: 2,
            last_ms: nowMs - 1_440 * MINUTE
          }
        ],
        groups: ['A', 'B'],
        students: ids.map((student, index) => ({
          student,
          name: `${String.fromCharCode(65 + (index % 26))}da Person ${index + 1}`,
          group: index % 2 ? 'B' : 'A',
          is_staff: false,
          is_expected: true
        })),
        pauses: [],
        has_roster: true,
        has_simulated: true,
        events: 12_345,
        first_ms: nowMs - 1_440 * MINUTE,
        retention_days: 0,
        posthog: '',
        class_collector: '',
        thresholds: { recent_minutes: 10, discriminating: 10 }
      },
      people: {
        rows: [
          {
            change: 1,
            at_ms: nowMs - MINUTE,
            said_by: 'staff',
            student: 'SLIP',
            sessions: 0,
            person: ids[0],
            undone_ms: null,
            undone_by: null
          }
        ]
      },
      claims: {
        rows: [
          {
            claim: 'one_name',
            students: [ids[0]],
            senders: 2,
            is_at_once: true,
            first_ms: nowMs - 30 * MINUTE,
            last_ms: nowMs - MINUTE
          },
          {
            claim: 'one_sender',
            students: ids.slice(1, 3),
            senders: 1,
            is_at_once: false,
            first_ms: nowMs - 30 * MINUTE,
            last_ms: nowMs - MINUTE
          }
        ],
        students: ids.length,
        senders: ids.length
      },
      progress: {
        exercises: refs,
        students: rows,
        solved_share: solvedShare,
        active: quartilesOf(present.map(({ active_ms }) => active_ms))
      },
      needs: {
        rows: (['S1', 'S3', 'S2', 'S4', 'S5', 'S5', 'S6'] as const).map(
          (signal, index) => ({
            student: someone(index * 3 + 1),
            notebook,
            exercise: index < 4 ? refs[index % exercises].exercise : null,
            title: index < 4 ? refs[index % exercises].title : null,
            signal,
            reason: [
              'same KeyError 4 times in Exercise 1',
              '12 tests failed in Exercise 2, none passed',
              'no progress in Exercise 3 for 14 min; others took 6',
              'opened “Solution 4” before any run',
              'quiet for 12 min',
              'quiet for 19 min',
              'nothing arrives; the notebook is open'
            ][index],
            since_ms: nowMs - (index + 4) * MINUTE,
            last_ms: nowMs - (index + 1) * MINUTE,
            also: []
          })
        ),
        seen: [
          {
            student: someone(2),
            notebook,
            exercise: refs[0].exercise,
            signal: 'S1',
            by: 'an instructor',
            at_ms: nowMs - 3 * MINUTE
          }
        ],
        here: present.length,
        here_students: present.map(({ student }) => student),
        expected: students,
        not_started: students - present.length,
        not_started_students: rows
          .filter(({ last_ms }) => last_ms === null)
          .map(({ student }) => student)
      },
      frontier: {
        exercises: refs.map((ref, nth) => ({
          ...ref,
          here: present.filter(({ solved }) => solved === nth).length,
          solved: passedOf(nth).length
        })),
        done: present.filter(({ solved }) => solved === exercises).length,
        not_started: students - present.length,
        students: rows.map(({ student, solved, last_ms }) => ({
          student,
          has_tried: last_ms !== null,
          exercise: solved === exercises || last_ms === null ? null : solved,
          solved_ms: Array.from(
            { length: solved },
            (_, nth) => nowMs - (50 - nth) * MINUTE
          )
        })),
        place: quartilesOf(present.map(({ solved }) => solved)),
        over_time: Array.from({ length: 50 }, (_, minute) => {
          const most = (exercises * minute) / 50;
          return {
            at_ms: nowMs - (50 - minute) * MINUTE,
            q1: Math.floor(most * 0.4),
            median: Math.floor(most * 0.6),
            q3: Math.floor(most * 0.85),
            n: present.length
          };
        })
      },
      errors: {
        rows: [
          ['KeyError', '‹name›', 'parse_requirement, cell 4'],
          [
            'TypeError',
            'unsupported operand type(s) for +: ‹type› and ‹type›',
            null
          ],
          ['ModuleNotFoundError', 'No module named ‹name›', null],
          ['AssertionError', '', 'test_format, cell 9'],
          ['NameError', 'name ‹name› is not defined', null]
        ].map(([type, message, frame], index) => ({
          fold: `fold${index}`,
          type: type!,
          message: message!,
          frame,
          exercises: [refs[index % exercises]],
          students: ids.slice(index, index + 11 - index * 2),
          stuck: ids.slice(index, index + Math.max(0, 5 - index * 2)),
          events: 31 - index * 5,
          names: ['requirement', 'name'],
          first_ms: nowMs - 40 * MINUTE,
          last_ms: nowMs - (index + 1) * MINUTE,
          sample: {
            student: someone(index),
            at_ms: nowMs - 5 * MINUTE,
            value: "'name'",
            traceback:
              "Traceback (most recent call last):\n  Cell 4, line 3, in parse_requirement\nKeyError: 'name'",
            code: "def parse_requirement(line):\n    found = match(line)\n    return found['name']",
            uuid: `uuid-${index}`
          },
          spark: spark()
        }))
      },
      exercises: {
        rows: refs.map((ref, nth) => {
          const tried = column(nth).length;
          const passed = passedOf(nth);
          const isTooFew = tried < 5;
          const one = passed.filter(({ fails }) => fails === 0).length;
          const two = passed.filter(({ fails }) => fails === 1).length;
          const times = passed.map(({ active_ms }) => active_ms);
          const passers = rows.filter(({ cells }) =>
            ['passed', 'peeked'].includes(cells[nth]?.state ?? '')
          );
          return {
            ...ref,
            tried,
            passed: isTooFew ? 0 : passed.length,
            attempts: isTooFew
              ? { one: 0, two: 0, more: 0, unsolved: 0 }
              : {
                  one,
                  two,
                  more: passed.length - one - two,
                  unsolved: tried - passed.length
                },
            active: isTooFew ? null : quartilesOf(times),
            active_times: isTooFew ? [] : times,
            active_students: isTooFew
              ? []
              : passers.map(({ student }) => student),
            peeks: isTooFew
              ? { before: 0, after_failure: 0, after_run: 0, after_pass: 0 }
              : {
                  before: upTo(4),
                  after_failure: upTo(7),
                  after_run: upTo(4),
                  after_pass: upTo(6)
                },
            peeked_before_pass: isTooFew ? 0 : upTo(8),
            difficulty: isTooFew
              ? null
              : (['easy', 'middle', 'hard'] as const)[
                  Math.min(2, Math.floor((nth / exercises) * 3))
                ],
            discrimination: tried < 10 ? null : random() * 0.8,
            is_too_few: isTooFew
          };
        })
      },
      time: {
        idle_cap_ms: MINUTE,
        pause_cap_ms: 3 * MINUTE,
        exercises: refs,
        students: rows.map(({ student, active_ms, cells }) => ({
          student,
          active_ms: active_ms + MINUTE,
          is_estimated: false,
          exercises: cells.map(cell => cell?.active_ms ?? 0),
          elsewhere_ms: MINUTE
        })),
        active: quartilesOf(present.map(({ active_ms }) => active_ms)),
        by_exercise: refs.map((_, nth) =>
          quartilesOf(column(nth).map(({ active_ms }) => active_ms))
        )
      },
      peeks: {
        exercises: refs.map(ref => ({
          ...ref,
          before: 1,
          after_failure: 4,
          after_run: 2,
          after_pass: 3,
          glances: 2,
          copied: 1,
          open: { n: 10, q1: 8_000, median: 21_000, q3: 44_000 }
        })),
        peeks: [
          {
            student: someone(1),
            notebook,
            exercise: refs[0].exercise,
            summary: 'Solution 1',
            when: 'after_failure',
            open_ms: 21_000,
            is_glance: false,
            is_copied: true,
            at_ms: nowMs - 12 * MINUTE
          }
        ]
      },
      engagement: {
        slots: Array.from({ length: 12 }, (_, slot) => ({
          at_ms: nowMs - (12 - slot) * 5 * MINUTE,
          present: Math.round(present.length * (0.5 + random() / 2))
        })),
        students: rows.map(({ student }) => ({
          student,
          span_ms: 50 * MINUTE,
          away_ms: 5 * MINUTE,
          away_share: 0.1,
          leaves: { page_hidden: 2, window: 1, tab: 0 },
          present: [nowMs - 10 * MINUTE]
        })),
        away_share: { n: students, q1: 0.04, median: 0.1, q3: 0.22 }
      },
      audit: {
        line: `${present.length - 1} of ${present.length} sessions are complete; 3 events are missing in 1`,
        counts: {
          complete: present.length - 2,
          open: 0,
          silent: 1,
          incomplete: 1
        },
        sessions: present.map(({ student }, index) => ({
          student,
          claimed: student,
          notebook,
          session: `session ${index}`,
          state:
            index === 3 ? 'incomplete' : index === 5 ? 'silent' : 'complete',
          expected: 120 + index,
          got: 120 + index - (index === 3 ? 3 : 0),
          explained: 0,
          missing: index === 3 ? 3 : 0,
          suppressed: index === 7 ? 40 : 0,
          invalid: 0,
          first_ms: nowMs - 50 * MINUTE,
          last_ms: nowMs - index * 1_000,
          late_p95_ms: 900 + index * 37
        }))
      },
      students: {
        rows: everybody
      },
      student: {
        student: someone(1),
        figures: everybody[1 % students],
        events: timelineOf(notebook, refs[0], nowMs),
        before: null
      },
      cell: {
        groups: [
          {
            what: 'output',
            text: "['numpy', 'pandas']",
            students: ids.slice(0, 7).map((student, index) => ({
              student,
              code: `names = [line.split('==')[0] for line in lines]\nprint(names)  # ${index}`,
              output: "['numpy', 'pandas']",
              at_ms: nowMs - index * MINUTE,
              uuid: `cell-uuid-${index}`
            }))
          },
          {
            what: 'error',
            text: 'KeyError: ‹name›',
            students: ids.slice(7, 9).map((student, index) => ({
              student,
              code: "found['name']",
              output: null,
              at_ms: nowMs - index * MINUTE,
              uuid: `cell-uuid-error-${index}`
            }))
          }
        ]
      }
    }
  };
}

function timelineOf(
  notebook: string,
  { exercise, title }: ExerciseRef,
  nowMs: number
): ResultOf<'student'>['events'] {
  const told: ReadonlyArray<readonly [string, Record<string, unknown>]> = [
    ['session_started', { kernel: 'python3' }],
    [
      'cell_executed',
      {
        cell_id: 'cell1',
        status: 'error',
        code: "def parse(line):\n    return line['name']",
        error: {
          name: 'TypeError',
          value: 'string indices must be integers',
          traceback:
            'Traceback (most recent call last):\n  …\nTypeError: string indices must be integers'
        }
      }
    ],
    ['test_failed', { test: 'test_parse', cell_id: 'cell1' }],
    ['solution_peek', { summary: 'Solution 1', cell_id: 'cell2' }],
    ['solution_closed', { summary: 'Solution 1', open_ms: 21_000 }],
    [
      'cell_executed',
      {
        cell_id: 'cell1',
        status: 'ok',
        code: "def parse(line):\n    return line.split('==')[0]",
        output: 'numpy',
        error: null
      }
    ],
    ['test_passed', { test: 'test_parse', cell_id: 'cell1' }]
  ];
  return told.map(([event, properties], index) => ({
    row: index + 1,
    uuid: `event-${index}`,
    event,
    at_ms: nowMs - (told.length - index) * MINUTE,
    notebook,
    exercise: index === 0 ? null : exercise,
    title: index === 0 ? null : title,
    properties
  }));
}

/** The answer as the server would send it. */
export function envelopeOf<N extends AnswerName>(
  answer: N,
  result: ResultOf<N>,
  atMs: number,
  rev = 12
): object {
  return {
    answer,
    rev,
    at_ms: atMs,
    is_building: false,
    since_ms: null,
    until_ms: null,
    result
  };
}
