import { Dialog } from '@jupyterlab/apputils';
import { confirmName } from '../../identity/nameconfirm';
import { consentWords, noticeFacts } from '../../identity/noticefacts';
import { termsOf, trans, until } from '../fakes';

async function open(
  signal = new AbortController().signal,
  isRecorded = false
): Promise<{ answer: Promise<boolean>; node: Element }> {
  const answer = confirmName({
    trans,
    notice: 'Your runs are recorded.',
    destination: 'Your records stay on this Jupyter server.',
    facts: noticeFacts(termsOf(), null, trans),
    words: consentWords(termsOf(), false, trans),
    username: 'ann.lee',
    student: 'ANN_LEE',
    isRecorded,
    signal
  });
  const dialog = (): Element | null => document.querySelector('.jp-Dialog');
  await until(() => !!dialog()?.querySelector('p'));
  return { answer, node: dialog()! };
}

const press = (node: Element, selector: string): void =>
  node.querySelector<HTMLElement>(selector)!.click();

afterEach(() => Dialog.flush());

const focused = (): Element | null => document.activeElement;

describe('confirmName', () => {
  it('takes no Enter for a yes before the student goes to the button', async () => {
    const { answer, node } = await open();
    await until(() => node.contains(focused()));
    const enter = (): boolean =>
      focused()!.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Enter',
          keyCode: 13,
          bubbles: true
        })
      );
    enter();
    expect(node.isConnected).toBe(true);
    node.querySelector<HTMLElement>('.jp-mod-accept')!.focus();
    enter();
    expect(await answer).toBe(true);
  });

  it.each([
    [false, ['Work without recording', 'Start recording']],
    [true, ['Cancel', 'Go on']]
  ])('says what the buttons do, recorded already: %s', async (is, words) => {
    const { answer, node } = await open(undefined, is);
    expect(
      [...node.querySelectorAll('button')].map(({ textContent }) => textContent)
    ).toEqual(words);
    press(node, '.jp-mod-reject');
    await answer;
  });

  it('tells what is recorded, where it goes and under which name, and takes a yes', async () => {
    const { answer, node } = await open();
    expect(node.querySelectorAll('input')).toHaveLength(0);
    await until(() => node.querySelector('div[tabindex]') === focused());
    // What has the focus is read out: the text, and not a button.
    expect(focused()?.textContent).toBe(
      'Your runs are recorded. Your records stay on this Jupyter server.' +
        'Recordedwhen you open and close the notebook, which cells you run and whether they fail, and what the course’s own exercises report' +
        'Not recordedsingle keystrokes, pasted text, other tabs, and passwords and keys in your code' +
        'You are signed in as ann.lee and appear as ANN_LEE. Not you? Sign out, and sign in with your own account.' +
        'You can also work without recording: the lesson stays the same.'
    );
    press(node, '.jp-mod-accept');
    expect(await answer).toBe(true);
  });

  it('takes a no, and Escape for one', async () => {
    const first = await open();
    press(first.node, '.jp-mod-reject');
    expect(await first.answer).toBe(false);

    const second = await open();
    second.node.dispatchEvent(
      new KeyboardEvent('keydown', {
        key: 'Escape',
        keyCode: 27,
        bubbles: true
      })
    );
    expect(await second.answer).toBe(false);
  });

  it('goes when the question is answered elsewhere', async () => {
    const question = new AbortController();
    const { answer, node } = await open(question.signal);
    question.abort();
    expect(await answer).toBe(false);
    expect(node.isConnected).toBe(false);
  });
});
