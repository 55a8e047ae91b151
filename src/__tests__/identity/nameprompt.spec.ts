import { Dialog } from '@jupyterlab/apputils';
import type { INames } from '../../identity/name';
import { promptForName } from '../../identity/nameprompt';
import { trans, until } from '../fakes';

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
  signal = new AbortController().signal
): Promise<{
  answer: Promise<INames | null>;
}> {
  const answer = promptForName({
    trans,
    notice: 'Your runs are recorded.',
    destination: 'It stays on this Jupyter server.',
    known,
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
      'Who is working?'
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
    const words = 'Your runs are recorded. It stays on this Jupyter server.';
    const form = query('.jp-ipynb-telemetry-NameForm');
    expect(form.firstElementChild?.textContent).toBe(words);
    // Also for those who hear the fields only.
    for (const name of ['first', 'last']) {
      const heard = describers(name).map(
        id => query(`[id="${id}"]`).textContent
      );
      expect(heard).toEqual(['', words]);
    }
    cancel().click();
    await answer;
  });

  it('begins with the known names', async () => {
    const { answer } = await open({ first: 'John', last: 'Doe' });
    expect([field('first').value, field('last').value]).toEqual([
      'John',
      'Doe'
    ]);
    expect(start().disabled).toBe(false);
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

  it('says beside the field what is wrong, and cannot be submitted', async () => {
    const { answer } = await open();
    // Nobody is told off before they typed.
    expect([error('first'), error('last')]).toEqual(['', '']);
    expect(start().disabled).toBe(true);

    await type('first', 'J0hn');
    expect(error('first')).toBe('English letters only');
    expect(field('first').getAttribute('aria-invalid')).toBe('true');
    expect(error('last')).toBe('Both names are required');

    await type('first', 'J');
    expect(error('first')).toBe('At least two letters');

    await type('first', 'John');
    expect(error('first')).toBe('');
    expect(field('first').getAttribute('aria-invalid')).toBe('false');
    expect(start().disabled).toBe(true);

    await type('last', 'Doé');
    press('Enter');
    expect(document.querySelector('.jp-Dialog')).not.toBeNull();
    expect(start().disabled).toBe(true);

    await type('last', 'Doe');
    expect(start().disabled).toBe(false);
    press('Enter');
    await expect(answer).resolves.toEqual({ first: 'John', last: 'Doe' });
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
