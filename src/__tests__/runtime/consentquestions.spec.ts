import type { INames } from '../../identity/name';
import type { ITerms } from '../../identity/terms';
import { noticeHash } from '../../identity/terms';
import { JOHN, makeSession, payloadOf, SAMPLES, termsOf } from '../fakes';
import type { FakePage } from './consentstage';
import { COURSE, load, NAMES, OTHER, reload } from './consentstage';

let page: FakePage;

beforeEach(() => {
  localStorage.clear();
  page = load();
});

afterEach(() => page.consents.dispose());

describe('ConsentQuestions', () => {
  it('asks once in a course, tells of the answer, and remembers it', async () => {
    await page.questions.ensure(COURSE);
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
    page = reload(page);
    await page.questions.ensure(COURSE);
    expect(page.ask).not.toHaveBeenCalled();
    expect(page.told).toEqual([]);
  });

  it('takes a consent in one course for none in another', async () => {
    await page.questions.ensure(COURSE);
    expect(page.consents.stateOf('physics-2')).toBe('unanswered');
    await page.questions.ensure(OTHER);
    expect(page.ask).toHaveBeenCalledTimes(2);
  });

  it.each<[string, Partial<ITerms>]>([
    ['notice', { privacyNotice: 'Your dean reads it, too.' }],
    ['line', { lines: { ...termsOf().lines, kept: 'For ever' } }],
    ['destination', { destination: 'eu.i.posthog.com' }],
    ['capture', { captured: ['visits', 'runs', 'code', 'own'] }]
  ])('asks again for another %s, and holds events meanwhile', async (_, is) => {
    await page.questions.ensure(COURSE);
    page = reload(page, is);
    let answer = (_: INames | null): void => undefined;
    page.ask.mockReturnValue(new Promise(resolve => (answer = resolve)));
    const asked = page.questions.ensure(COURSE);
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
    await page.questions.ensure(COURSE);
    page = reload(page, {
      captured: ['runs'],
      lines: { ...termsOf().lines, policy: 'Rule 7' }
    });
    await page.questions.ensure(COURSE);
    expect(page.ask).not.toHaveBeenCalled();
  });

  it('forgets a no with the page in other modes', async () => {
    page.ask.mockResolvedValue(null);
    await page.questions.ensure(COURSE);
    await page.questions.ensure(COURSE);
    expect(page.ask).toHaveBeenCalledTimes(1);
    page = reload(page);
    await page.questions.ensure(COURSE);
    expect(page.ask).toHaveBeenCalledTimes(1);
  });

  it('closes its question once another page has the answer to it', async () => {
    page.identity.student = JOHN;
    page.ask.mockReturnValue(new Promise(() => undefined));
    void page.questions.ensure(COURSE);
    await Promise.resolve();
    const other = load();
    other.identity.student = JOHN;
    for (const [course, times] of [
      [OTHER, 0],
      [COURSE, 1]
    ] as const) {
      await other.questions.ensure(course);
      window.dispatchEvent(
        new StorageEvent('storage', { key: null, storageArea: localStorage })
      );
      expect(page.identity.settle).toHaveBeenCalledTimes(times);
    }
    other.consents.dispose();
  });
});
