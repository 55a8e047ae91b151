import { makeSession, payloadOf, SAMPLES, termsOf } from '../fakes';
import type { FakePage } from './consentstage';
import { COURSE, load, OTHER, reload } from './consentstage';

let page: FakePage;

beforeEach(() => {
  localStorage.clear();
  page = load();
});

afterEach(() => page.consents.dispose());

describe('ConsentAnswers', () => {
  it('tells of a no to what was changed where it was agreed to before only', async () => {
    await page.questions.ensure(COURSE);
    page = reload(page, { destination: 'eu.i.posthog.com' });
    page.ask.mockResolvedValue(null);
    await page.questions.ensure(COURSE);
    expect(page.events).toEqual([]);
    expect(page.consents.accepts('eu.i.posthog.com')).toBe(false);
    expect(page.consents.accepts('this Jupyter server')).toBe(true);

    page = reload(page, { privacyNotice: 'Another one.' });
    page.ask.mockResolvedValue(null);
    const asked = page.questions.ensure(COURSE);
    const payload = payloadOf(makeSession(), 'blur', SAMPLES.blur);
    page.holding.deliver(payload, undefined, 'biology-1');
    await asked;
    expect(page.events).toEqual(['consent_declined']);
    expect(page.consents.admits('biology-1')).toBe(false);
    expect(page.delivered).toEqual([]);
  });

  it('gives up with a withdrawal what waits for a first answer elsewhere', async () => {
    await page.questions.ensure(COURSE);
    page.ask.mockReturnValue(new Promise(() => undefined));
    void page.questions.ensure(OTHER);
    const payload = payloadOf(makeSession(), 'blur', SAMPLES.blur);
    page.holding.deliver(payload, undefined, 'physics-2');
    page.answers.withdraw();
    // Whoever comes back under the same name agrees to what happens from then on.
    page.holding.release('physics-2', payload.student_id);
    expect(page.delivered).toEqual([]);
  });

  it('forgets whoever is erased, and tells nobody', async () => {
    await page.questions.ensure(COURSE);
    await page.questions.ensure(OTHER);
    page.answers.forget();
    expect(Object.keys(localStorage)).toEqual([]);
    expect(page.events).toEqual(['consent_given', 'consent_given']);
    expect(page.consents.stateOf('biology-1')).toBe('unanswered');
  });

  it('forgets everybody when somebody else may be at work', async () => {
    page.terms = termsOf({ mode: 'opt-in' });
    page.ask.mockResolvedValueOnce(null);
    await page.questions.ensure(COURSE);
    await page.questions.ensure(OTHER);
    page.answers.handOver();
    expect(page.consents.stateOf('physics-2')).toBe('unanswered');
    expect(JSON.stringify({ ...localStorage })).not.toMatch(
      /JOHN|physics|motion|biology|lesson/
    );
    page.identity.student = null;
    expect(page.consents.stateOf('biology-1')).toBe('unanswered');
    // What the former left waiting goes to no place but the one that was agreed to.
    page = reload(page);
    expect(page.consents.accepts('this Jupyter server')).toBe(true);
    expect(page.consents.accepts('posthog.example')).toBe(false);
  });

  it('withdraws: tells of it, closes the gate, and asks nobody again', async () => {
    await page.questions.ensure(COURSE);
    await page.questions.ensure(OTHER);
    page.answers.withdraw('biology-1');
    expect(page.events).toEqual([
      'consent_given',
      'consent_given',
      'consent_withdrawn'
    ]);
    expect(page.gate.reasonFor('biology-1')).toBe('declined');
    expect(page.consents.stateOf('physics-2')).toBe('given');
    page = reload(page);
    await page.questions.ensure(COURSE);
    expect(page.ask).not.toHaveBeenCalled();
    page.answers.withdraw();
    expect(page.consents.stateOf('physics-2')).toBe('refused');
  });
});
