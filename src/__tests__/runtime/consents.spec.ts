import { JOHN, termsOf } from '../fakes';
import { COURSE, FakePage, load, NAMES, reload } from './consentstage';

let page: FakePage;

beforeEach(() => {
  localStorage.clear();
  page = load();
});

afterEach(() => page.consents.dispose());

describe('Consents', () => {
  it('records nothing before a yes in opt-in, and remembers a no, which nobody is told of', async () => {
    page.terms = termsOf({ mode: 'opt-in' });
    page.ask.mockResolvedValue(null);
    const asked = page.questions.ensure(COURSE);
    expect(page.gate.reasonFor('biology-1')).toBe('unanswered');
    await asked;
    expect(page.gate.reasonFor('biology-1')).toBe('declined');
    page = reload(page, { mode: 'opt-in' });
    await page.questions.ensure(COURSE);
    expect(page.ask).not.toHaveBeenCalled();
    expect(page.told).toEqual([]);

    // Asked by the student, whose kernel may have kept what was before.
    const before = Date.now();
    await page.identity.ask();
    expect(page.consents.sinceOf('biology-1')).toBeGreaterThanOrEqual(before);
    expect(page.events).toEqual(['consent_given']);
  });

  it('hears what another page was answered', async () => {
    await page.questions.ensure(COURSE);
    const other = new FakePage();
    other.names = NAMES;
    other.identity.student = JOHN;
    const changed = jest.fn();
    page.consents.changed.connect(changed);
    other.answers.withdraw();
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
    await page.questions.ensure(COURSE);
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
    page = load(null);
    await page.questions.ensure(COURSE);
    expect(page.consents.stateOf('biology-1')).toBe('given');
  });
});
