import type { AnswerName } from '../../classview/answers';
import { ANSWERS } from '../../classview/answers';
import { questionOf, START } from '../../classview/model/address';
import { AnswerError, ClassClient } from '../../classview/model/client';
import { english } from '../../classview/trans';
import { classOf, envelopeOf } from './classfixture';

const NOW = Date.UTC(2026, 10, 29, 14, 30);
const { answers } = classOf(30, 5, NOW);
const QUESTION = questionOf(START);

/** What jsdom has no class for. */
function answered(status: number, body: unknown): Response {
  return {
    ok: status < 400,
    status,
    json: () =>
      body === undefined
        ? Promise.reject(new SyntaxError())
        : Promise.resolve(body)
  } as Response;
}

const clientOf = (
  status: number,
  body: unknown,
  asked: [string, RequestInit | undefined][] = []
): ClassClient =>
  new ClassClient((path, init) => {
    asked.push([path, init]);
    return Promise.resolve(answered(status, body));
  }, english);

async function failureOf(client: ClassClient): Promise<AnswerError> {
  return client.ask('overview', QUESTION).then(
    () => Promise.reject(new Error('was answered')),
    (error: AnswerError) => error
  );
}

describe('the client', () => {
  it.each(Object.keys(ANSWERS) as AnswerName[])(
    'takes the answer %s',
    async name => {
      const asked: [string, RequestInit | undefined][] = [];
      const client = clientOf(200, envelopeOf(name, answers[name], NOW), asked);
      const answer = await client.ask(name, QUESTION, { student: 'ANN' });
      expect(answer).toEqual({
        result: answers[name],
        rev: 12,
        atMs: NOW,
        isBuilding: false
      });
      expect(asked[0][0]).toBe(`${name}?student=ANN`);
    }
  );

  it.each([
    ['no JSON', undefined],
    ['no answer', { rows: [] }],
    ['another answer', envelopeOf('needs', answers.needs, NOW)],
    [
      'a negative count',
      envelopeOf('overview', { ...answers.overview, events: -1 }, NOW)
    ]
  ])('takes %s for an error, in words', async (_, body) => {
    const error = await failureOf(clientOf(200, body));
    expect(error.message).toContain(
      '“overview” is not what this view can read'
    );
    expect(error.isAway).toBe(false);
  });

  it.each([
    ['a cell that is none', 'passed'],
    ['a state that is none', { state: 'solved' }],
    ['half a run', { runs: 1.5 }],
    ['a negative count', { fails: -1 }],
    ['no time', { active_ms: null }],
    ['a time in words', { last_ms: 'now' }]
  ])('takes progress with %s for an error', async (_, wrong) => {
    const [row, ...rows] = answers.progress.students;
    const right = rows.flatMap(({ cells }) => cells).find(Boolean);
    const cell = typeof wrong === 'string' ? wrong : { ...right, ...wrong };
    const students = [{ ...row, cells: [null, cell] }, ...rows];
    const result = { ...answers.progress, students };
    const client = clientOf(
      200,
      envelopeOf('progress', result as typeof answers.progress, NOW)
    );
    await expect(client.ask('progress', QUESTION)).rejects.toThrow(
      '“progress” is not what this view can read'
    );
  });

  it('overlooks what it does not know', async () => {
    const result = { ...answers.overview, later: 1 };
    const client = clientOf(200, envelopeOf('overview', result, NOW));
    expect((await client.ask('overview', QUESTION)).result).toEqual(
      answers.overview
    );
  });

  it('gives a roster as the file that it is, and says why it is refused', async () => {
    const asked: [string, RequestInit | undefined][] = [];
    const file = new Blob(['id\nANN_LEE\n']);
    const client = clientOf(200, { status: 1, members: 1 }, asked);
    expect(await client.saveRoster(file)).toBe(1);
    expect(asked).toEqual([
      [
        'roster',
        { method: 'PUT', body: file, headers: { 'Content-Type': 'text/csv' } }
      ]
    ]);
    const words = 'The roster has no column id.';
    await expect(
      clientOf(400, { message: words }).saveRoster(file)
    ).rejects.toThrow(new AnswerError(words, false));
    await expect(
      clientOf(403, { message: 'Forbidden' }).saveRoster(file)
    ).rejects.toThrow('does not let you change anything of the class (403)');
  });

  it('says who may not read', async () => {
    const error = await failureOf(clientOf(403, { message: 'Forbidden' }));
    expect(error.message).toContain('does not let you read the class (403)');
    expect(error.isAway).toBe(false);
  });

  it('says what a class collector says of a login that has ended', async () => {
    const message = 'Your login has ended: reload the page to log in again.';
    const error = await failureOf(clientOf(401, { message }));
    expect(error).toMatchObject({ message, isAway: false });
    const wordless = await failureOf(clientOf(401, null));
    expect(wordless.message).toContain('does not let you read the class (401)');
  });

  it('says that the server is away, and why where that is told', async () => {
    const refused = await failureOf(
      clientOf(503, { message: 'The disk is full.' })
    );
    expect(refused).toMatchObject({
      message: 'The server is away (The disk is full.)',
      isAway: true
    });
    const client = new ClassClient(
      () => Promise.reject(new TypeError('Failed to fetch')),
      english
    );
    expect(await failureOf(client)).toMatchObject({
      message: 'The server is away',
      isAway: true
    });
  });

  it('says who is whom, takes it back, and says why it is refused', async () => {
    const asked: [string, RequestInit | undefined][] = [];
    const client = clientOf(200, {}, asked);
    await client.sayWho({ student: 'J_DOE', person: 'JOHN_DOE' });
    await client.sayWho({ undo: 3 });
    expect(asked).toEqual([
      [
        'person',
        { method: 'POST', body: '{"student":"J_DOE","person":"JOHN_DOE"}' }
      ],
      ['person', { method: 'POST', body: '{"undo":3}' }]
    ]);
    const words = 'J_DOE goes by JOHN_DOE already.';
    await expect(
      clientOf(400, { message: words }).sayWho({ undo: 3 })
    ).rejects.toThrow(new AnswerError(words, false));
  });

  it('asks what is new, and is told nothing, or a number', async () => {
    expect(await clientOf(204, undefined).changes(12)).toBeNull();
    expect(await clientOf(200, { rev: 13 }).changes(12)).toBe(13);
  });

  it('marks a row as seen with its own words only', async () => {
    const asked: [string, RequestInit | undefined][] = [];
    await clientOf(200, {}, asked).markSeen(answers.needs.rows[0]);
    const [path, init] = asked[0];
    expect([path, init?.method]).toEqual(['seen', 'POST']);
    const { student, notebook, exercise, signal } = answers.needs.rows[0];
    expect(JSON.parse(init?.body as string)).toEqual({
      student,
      notebook,
      exercise,
      signal
    });
  });
});
