import { Dialog } from '@jupyterlab/apputils';
import type { INames } from '../../identity/name';
import { promptForName } from '../../identity/nameprompt';
import type { IRoster } from '../../identity/roster';
import { consentWords, noticeFacts } from '../../identity/noticefacts';
import { termsOf, trans, until } from '../fakes';

const query = <E extends HTMLElement>(selector: string): E => {
  const found = document.querySelector<E>(selector);
  if (!found) {
    throw new Error(`no ${selector}`);
  }
  return found;
};
const field = (name: string): HTMLInputElement =>
  query(`input[name="${name}"]`);
const start = (): HTMLButtonElement => query('.jp-Dialog .jp-mod-accept');
const cancel = (): HTMLElement => query('.jp-Dialog .jp-mod-reject');
const describers = (name: string): string[] =>
  (field(name).getAttribute('aria-describedby') ?? '').split(' ');
const error = (name: string): string => {
  const [id] = describers(name);
  return query(`[id="${id}"]`).textContent ?? '';
};

/** Type as a student does, so that React hears of it. */
async function type(name: string, value: string): Promise<void> {
  const { set } = Object.getOwnPropertyDescriptor(
    HTMLInputElement.prototype,
    'value'
  ) as { set: (value: string) => void };
  set.call(field(name), value);
  field(name).dispatchEvent(new Event('input', { bubbles: true }));
  // React draws what a key did before the next task.
  await Promise.resolve();
}

function press(key: 'Enter' | 'Escape'): void {
  // By `keyCode` is how JupyterLab's Dialog knows keys.
  const keyCode = key === 'Enter' ? 13 : 27;
  field('last').dispatchEvent(
    new KeyboardEvent('keydown', { key, keyCode, bubbles: true })
  );
}

async function open(
  known: INames | null = null,
  signal = new AbortController().signal,
  recorded: string | null = null,
  roster: Promise<IRoster | null> = Promise.resolve(null)
): Promise<{
  answer: Promise<INames | null>;
}> {
  const answer = promptForName({
    trans,
    notice: 'Your runs are recorded.',
    destination: 'Your records stay on this Jupyter server.',
    facts: noticeFacts(termsOf(), null, trans),
    words: consentWords(termsOf(), false, trans),
    known,
    recorded,
    roster,
    signal
  });
  await until(() => document.querySelector('input[name="last"]') !== null);
  return { answer };
}

// A test that failed leaves its dialog open, and the next one behind it.
afterEach(() => Dialog.flush());

describe('promptForName', () => {
  it('goes when the question is answered elsewhere', async () => {
    const question = new AbortController();
    const { answer } = await open(null, question.signal);
    question.abort();
    expect(await answer).toBeNull();
    expect(document.querySelector('.jp-Dialog')).toBeNull();
  });

  it('has a name that is read out', async () => {
    const { answer } = await open();
    expect(query('.jp-Dialog').getAttribute('aria-label')).toBe(
      'May we record your work?'
    );
    cancel().click();
    await answer;
  });

  it('gives the names that were typed', async () => {
    const { answer } = await open();
    await type('first', 'John');
    await type('last', 'Doe');
    start().click();
    await expect(answer).resolves.toEqual({ first: 'John', last: 'Doe' });
  });

  it('gives none on Cancel', async () => {
    const { answer } = await open({ first: 'John', last: 'Doe' });
    cancel().click();
    await expect(answer).resolves.toBeNull();
  });

  it('gives none on Escape', async () => {
    const { answer } = await open({ first: 'John', last: 'Doe' });
    press('Escape');
    await expect(answer).resolves.toBeNull();
  });

  it('outlives a click beside it', async () => {
    const { answer } = await open();
    await type('first', 'John');
    query('.jp-Dialog').click();
    expect(field('first').value).toBe('John');
    cancel().click();
    await answer;
  });

  it('is submitted with Enter', async () => {
    const { answer } = await open();
    await type('first', 'John');
    await type('last', 'Doe');
    press('Enter');
    await expect(answer).resolves.toEqual({ first: 'John', last: 'Doe' });
  });

  it('begins with the notice and where the events go', async () => {
    const { answer } = await open();
    const words =
      'Your runs are recorded. Your records stay on this Jupyter server.' +
      'Recordedwhen you open and close the notebook, which cells you run and whether they fail, and what the course’s own exercises report' +
      'Not recordedsingle keystrokes, pasted text, other tabs, and passwords and keys in your code' +
      'You can also work without recording: the lesson stays the same.';
    const form = query('.jp-ipynb-telemetry-Form');
    expect(form.firstElementChild?.textContent).toBe(words);
    // Also for those who hear the fields only, and once.
    const heard = (name: string): (string | null)[] =>
      describers(name).map(id => query(`[id="${id}"]`).textContent);
    expect(heard('first')).toEqual(['', words]);
    expect(heard('last')).toEqual(['', '']);
    cancel().click();
    await answer;
  });

  it('begins with the known names', async () => {
    const { answer } = await open({ first: 'John', last: 'Doe' });
    expect([field('first').value, field('last').value]).toEqual([
      'John',
      'Doe'
    ]);
    await type('last', 'Roe');
    start().click();
    await expect(answer).resolves.toEqual({ first: 'John', last: 'Roe' });
  });

  it('has the focus in the first field', async () => {
    const { answer } = await open();
    await until(() => document.activeElement === field('first'));
    cancel().click();
    await answer;
  });

  it('leaves the focus where the student types when the page gets idle', async () => {
    // By which JupyterLab guesses that something is drawn.
    const idle: Array<() => void> = [];
    const { requestIdleCallback } = window;
    window.requestIdleCallback = call =>
      idle.push(() => call({ didTimeout: false, timeRemaining: () => 0 }));
    const { answer } = await open();
    window.requestIdleCallback = requestIdleCallback;
    await until(() => document.activeElement === field('first'));
    field('last').focus();
    expect(idle).not.toEqual([]);
    idle.forEach(call => call());
    await new Promise(resolve => setTimeout(resolve));
    expect(document.activeElement).toBe(field('last'));
    cancel().click();
    await answer;
  });

  it('has the focus back where it was when something behind it takes it', async () => {
    const behind = document.body.appendChild(document.createElement('button'));
    const { answer } = await open();
    await until(() => document.activeElement === field('first'));
    behind.focus();
    expect(document.activeElement).toBe(field('first'));
    await type('first', 'Anna');
    field('last').focus();
    behind.focus();
    expect(document.activeElement).toBe(field('last'));
    await type('last', 'Le');
    behind.focus();
    expect(document.activeElement).toBe(field('last'));
    start().click();
    await answer;
    behind.remove();
  });

  it('says beside a field what is wrong, once that is left or submitted', async () => {
    const { answer } = await open();
    await until(() => document.activeElement === field('first'));
    await type('first', 'J0hn');
    // Nobody is told off while they type, nor for passing by.
    expect([error('first'), error('last')]).toEqual(['', '']);
    expect(field('first').getAttribute('aria-invalid')).toBe('false');
    field('last').focus();
    await until(() => error('first') !== '');
    expect(error('first')).toBe('English letters, spaces and hyphens only');
    expect(field('first').getAttribute('aria-invalid')).toBe('true');
    field('first').focus();
    await until(() => document.activeElement === field('first'));
    expect(error('last')).toBe('');

    await type('first', 'J');
    expect(error('first')).toBe('At least two letters');
    await type('first', 'John');
    expect(error('first')).toBe('');
    expect(field('first').getAttribute('aria-invalid')).toBe('false');

    // The button is no riddle: it says what is missing, and where.
    expect(start().disabled).toBe(false);
    start().click();
    await until(() => error('last') === 'Both names are required');
    expect(document.activeElement).toBe(field('last'));
    await type('last', 'Doé');
    press('Enter');
    expect(document.querySelector('.jp-Dialog')).not.toBeNull();
    expect(error('last')).toBe(
      'English letters, spaces and hyphens only: write Doe'
    );
    await type('last', 'Doe');
    press('Enter');
    await expect(answer).resolves.toEqual({ first: 'John', last: 'Doe' });
  });

  it('shows what the student will be called, also with the letters that will do', async () => {
    const { answer } = await open();
    const preview = (): string | null =>
      query('[id="jp-ipynb-telemetry-preview"]').textContent;
    expect(preview()).toBe('');
    await type('first', 'José');
    expect(preview()).toBe('');
    await type('last', 'García');
    expect(preview()).toBe('You will appear as JOSE_GARCIA');
    cancel().click();
    await answer;
  });

  it('lets the Tab key go round', async () => {
    const { answer } = await open();
    const tab = (shiftKey: boolean): boolean =>
      document.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Tab',
          keyCode: 9,
          shiftKey,
          bubbles: true,
          cancelable: true
        })
      );
    start().focus();
    expect(tab(false)).toBe(false);
    expect(document.activeElement).toBe(field('first'));
    expect(tab(true)).toBe(false);
    expect(document.activeElement).toBe(start());
    field('first').focus();
    // In between the browser knows the way.
    expect(tab(false)).toBe(true);
    cancel().click();
    await answer;
  });

  it('says what its buttons do, and that Cancel leaves a recording as it is', async () => {
    const words = (): (string | null)[] => [
      cancel().textContent,
      start().textContent
    ];
    const first = await open();
    expect(words()).toEqual(['Work without recording', 'Start recording']);
    cancel().click();
    await first.answer;
    const names = { first: 'John', last: 'Doe' };
    const second = await open(names, undefined, 'JOHN_DOE');
    expect(words()).toEqual(['Cancel', 'Start recording']);
    expect(query('.jp-Dialog').getAttribute('aria-label')).toBe(
      'Who is working?'
    );
    expect(query('.jp-ipynb-telemetry-Form').textContent).toContain(
      'the work of \u2068JOHN_DOE\u2069 is recorded. Cancel leaves it so.'
    );
    cancel().click();
    await second.answer;
  });

  it('lets the browser fill in the names', async () => {
    const { answer } = await open();
    expect(
      ['first', 'last'].map(name => field(name).getAttribute('autocomplete'))
    ).toEqual(['given-name', 'family-name']);
    cancel().click();
    await answer;
  });

  it('labels each field', async () => {
    const { answer } = await open();
    const labels = ['first', 'last'].map(
      name => field(name).labels?.[0].textContent
    );
    expect(labels).toEqual(['First name', 'Last name']);
    cancel().click();
    await answer;
  });
});
