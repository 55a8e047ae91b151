import { Signal } from '@lumino/signaling';
import { Holding } from '../../capture/holding';
import type { CatalogEvent, IPayload } from '../../events/payload';
import type { IStudent } from '../../events/student';
import type { INames } from '../../identity/name';
import { studentOf } from '../../identity/name';
import type { ITerms } from '../../identity/terms';
import { noticeHash } from '../../identity/terms';
import type { ICourse, IQuestion } from '../../runtime/consents';
import { Consents } from '../../runtime/consents';
import { Gate } from '../../runtime/gate';
import { JOHN, makeSession, payloadOf, SAMPLES, termsOf } from '../fakes';

const SCOPE = 'http://hub.example/user/ann/|ann';
const COURSE: ICourse = { course: 'biology-1', notebook: 'lesson' };
const OTHER: ICourse = { course: 'physics-2', notebook: 'motion' };
const NAMES: INames = { first: 'John', last: 'Doe' };

/** A page, as far as consents look at it. */
class FakePage {
  constructor(readonly storage: Storage | null = localStorage) {
    this.consents = new Consents({
      scope: SCOPE,
      storage,
      identity: () => this.identity,
      terms: () => this.terms,
      course: () => COURSE,
      ask: this.ask,
      gate: this.gate,
      holding: () => this.holding,
      record: (session, event) => {
        this.told.push([session.student.id, event]);
      }
    });
    this.holding = new Holding(
      course => this.consents.isHeld(course),
      payload => this.delivered.push(payload)
    );
  }

  terms: ITerms = termsOf();
  names: INames | null = null;
  readonly ask = jest.fn<Promise<INames | null>, [IQuestion]>();
  readonly gate = new Gate();
  readonly told: [string, CatalogEvent][] = [];
  readonly delivered: IPayload[] = [];
  readonly holding: Holding;
  readonly consents: Consents;
  readonly identity = {
    changed: new Signal<object, void>({}),
    student: null as IStudent | null,
    settle: jest.fn(),
    ask: async (): Promise<void> => {
      const names = await this.consents.prompt(
        this.names,
        new AbortController().signal
      );
      if (names) {
        this.names = names;
        this.identity.student = studentOf(names);
        this.consents.refresh();
      }
    }
  };

  get events(): string[] {
    return this.told.map(([, { name }]) => name);
  }
}

let page: FakePage;

beforeEach(() => {
  localStorage.clear();
  page = new FakePage();
  page.ask.mockResolvedValue(NAMES);
});

afterEach(() => page.consents.dispose());

/** The page is loaded anew. */
function reload(terms: Partial<ITerms> = {}): void {
  const { names } = page;
  page.consents.dispose();
  page = new FakePage();
  page.ask.mockResolvedValue(NAMES);
  page.terms = termsOf(terms);
  page.names = names;
  page.identity.student = names && studentOf(names);
}

describe('Consents', () => {
  it('asks once in a course, tells of the answer, and remembers it', async () => {
    await page.consents.ensure(COURSE);
    expect(page.consents.stateOf('biology-1')).toBe('given');
    expect(page.told).toEqual([
      [
        'JOHN_DOE',
        {
          name: 'consent_given',
          properties: {
            notice_hash: noticeHash(page.terms),
            destination: 'this Jupyter server',
            captured: ['visits', 'runs', 'own'],
            mode: 'informed',
            course: 'biology-1'
          }
        }
      ]
    ]);
    reload();
    await page.consents.ensure(COURSE);
    expect(page.ask).not.toHaveBeenCalled();
    expect(page.told).toEqual([]);
  });

  it('takes a consent in one course for none in another', async () => {
    await page.consents.ensure(COURSE);
    expect(page.consents.stateOf('physics-2')).toBe('unanswered');
    await page.consents.ensure(OTHER);
    expect(page.ask).toHaveBeenCalledTimes(2);
  });

  it.each<[string, Partial<ITerms>]>([
    ['notice', { privacyNotice: 'Your dean reads it, too.' }],
    ['line', { lines: { ...termsOf().lines, kept: 'For ever' } }],
    ['destination', { destination: 'eu.i.posthog.com' }],
    ['capture', { captured: ['visits', 'runs', 'code', 'own'] }]
  ])('asks again for another %s, and holds events meanwhile', async (_, is) => {
    await page.consents.ensure(COURSE);
    reload(is);
    let answer = (_: INames | null): void => undefined;
    page.ask.mockReturnValue(new Promise(resolve => (answer = resolve)));
    const asked = page.consents.ensure(COURSE);
    await Promise.resolve();
    expect(page.consents.admits('biology-1')).toBe(true);
    expect(page.gate.reasonFor('biology-1')).toBeNull();
    const payload = payloadOf(makeSession(), 'blur', SAMPLES.blur);
    page.holding.deliver(payload, undefined, 'biology-1');
    expect(page.delivered).toEqual([]);
    expect(page.ask.mock.calls[0][0].isChanged).toBe(true);
    answer(NAMES);
    await asked;
    expect(page.delivered).toEqual([payload]);
    expect(page.events).toEqual(['consent_given']);
  });

  it('asks nobody for less, nor for the policy of another mode', async () => {
    await page.consents.ensure(COURSE);
    reload({
      captured: ['runs'],
      lines: { ...termsOf().lines, policy: 'Rule 7' }
    });
    await page.consents.ensure(COURSE);
    expect(page.ask).not.toHaveBeenCalled();
  });

  it('records nothing before a yes in opt-in, and remembers a no, which nobody is told of', async () => {
    page.terms = termsOf({ mode: 'opt-in' });
    page.ask.mockResolvedValue(null);
    const asked = page.consents.ensure(COURSE);
    expect(page.gate.reasonFor('biology-1')).toBe('unanswered');
    await asked;
    expect(page.gate.reasonFor('biology-1')).toBe('declined');
    reload({ mode: 'opt-in' });
    await page.consents.ensure(COURSE);
    expect(page.ask).not.toHaveBeenCalled();
    expect(page.told).toEqual([]);

    // Asked by the student, whose kernel may have kept what was before.
    const before = Date.now();
    await page.identity.ask();
    expect(page.consents.sinceOf('biology-1')).toBeGreaterThanOrEqual(before);
    expect(page.events).toEqual(['consent_given']);
  });

  it('forgets a no with the page in other modes', async () => {
    page.ask.mockResolvedValue(null);
    await page.consents.ensure(COURSE);
    await page.consents.ensure(COURSE);
    expect(page.ask).toHaveBeenCalledTimes(1);
    reload();
    await page.consents.ensure(COURSE);
    expect(page.ask).toHaveBeenCalledTimes(1);
  });

  it('tells of a no to what was changed where it was agreed to before only', async () => {
    await page.consents.ensure(COURSE);
    reload({ destination: 'eu.i.posthog.com' });
    page.ask.mockResolvedValue(null);
    await page.consents.ensure(COURSE);
    expect(page.events).toEqual([]);
    expect(page.consents.accepts('eu.i.posthog.com')).toBe(false);
    expect(page.consents.accepts('this Jupyter server')).toBe(true);

    reload({ privacyNotice: 'Another one.' });
    page.ask.mockResolvedValue(null);
    const asked = page.consents.ensure(COURSE);
    const payload = payloadOf(makeSession(), 'blur', SAMPLES.blur);
    page.holding.deliver(payload, undefined, 'biology-1');
    await asked;
    expect(page.events).toEqual(['consent_declined']);
    expect(page.consents.admits('biology-1')).toBe(false);
    expect(page.delivered).toEqual([]);
  });

  it('gives up with a withdrawal what waits for a first answer elsewhere', async () => {
    await page.consents.ensure(COURSE);
    page.ask.mockReturnValue(new Promise(() => undefined));
    void page.consents.ensure(OTHER);
    const payload = payloadOf(makeSession(), 'blur', SAMPLES.blur);
    page.holding.deliver(payload, undefined, 'physics-2');
    page.consents.withdraw();
    // Whoever comes back under the same name agrees to what happens from then on.
    page.holding.release('physics-2', payload.student_id);
    expect(page.delivered).toEqual([]);
  });

  it('withdraws: tells of it, closes the gate, and asks nobody again', async () => {
    await page.consents.ensure(COURSE);
    await page.consents.ensure(OTHER);
    page.consents.withdraw('biology-1');
    expect(page.events).toEqual([
      'consent_given',
      'consent_given',
      'consent_withdrawn'
    ]);
    expect(page.gate.reasonFor('biology-1')).toBe('declined');
    expect(page.consents.stateOf('physics-2')).toBe('given');
    reload();
    await page.consents.ensure(COURSE);
    expect(page.ask).not.toHaveBeenCalled();
    page.consents.withdraw();
    expect(page.consents.stateOf('physics-2')).toBe('refused');
  });

  it('hears what another page was answered', async () => {
    await page.consents.ensure(COURSE);
    const other = new FakePage();
    other.names = NAMES;
    other.identity.student = JOHN;
    const changed = jest.fn();
    page.consents.changed.connect(changed);
    other.consents.withdraw();
    window.dispatchEvent(
      new StorageEvent('storage', {
        key: Object.keys(localStorage)[0],
        storageArea: localStorage
      })
    );
    expect(changed).toHaveBeenCalled();
    expect(page.gate.reasonFor('biology-1')).toBe('declined');
    other.consents.dispose();
  });

  it('takes a damaged answer for none', async () => {
    await page.consents.ensure(COURSE);
    const [key] = Object.keys(localStorage);
    const stored = JSON.parse(localStorage.getItem(key)!) as object;
    for (const wrong of [
      '{',
      '[]',
      JSON.stringify({ ...stored, answer: 'yes' }),
      JSON.stringify({ ...stored, captured: 'all' }),
      JSON.stringify({ ...stored, person: 'MARY_ROE' })
    ]) {
      localStorage.setItem(key, wrong);
      expect(page.consents.stateOf('biology-1')).toBe('unanswered');
    }
  });

  it('lasts as long as the page where nothing can be stored', async () => {
    page.consents.dispose();
    page = new FakePage(null);
    page.ask.mockResolvedValue(NAMES);
    await page.consents.ensure(COURSE);
    expect(page.consents.stateOf('biology-1')).toBe('given');
  });

  it('forgets whoever is erased, and tells nobody', async () => {
    await page.consents.ensure(COURSE);
    await page.consents.ensure(OTHER);
    page.consents.forget();
    expect(Object.keys(localStorage)).toEqual([]);
    expect(page.events).toEqual(['consent_given', 'consent_given']);
    expect(page.consents.stateOf('biology-1')).toBe('unanswered');
  });

  it('forgets who gave no name', async () => {
    page.terms = termsOf({ mode: 'opt-in' });
    page.ask.mockResolvedValue(null);
    await page.consents.ensure(COURSE);
    page.consents.forgetNobody();
    expect(page.consents.stateOf('biology-1')).toBe('unanswered');
  });
});
