import { Dialog } from '@jupyterlab/apputils';
import { confirmName } from '../../identity/nameconfirm';
import { trans, until } from '../fakes';

async function open(
  signal = new AbortController().signal
): Promise<{ answer: Promise<boolean>; node: Element }> {
  const answer = confirmName({
    trans,
    notice: 'Your runs are recorded.',
    destination: 'It stays on this Jupyter server.',
    username: 'ann.lee',
    name: 'ANN-LEE',
    signal
  });
  const dialog = (): Element | null => document.querySelector('.jp-Dialog');
  await until(() => !!dialog()?.querySelector('p'));
  return { answer, node: dialog()! };
}

const press = (node: Element, selector: string): void =>
  node.querySelector<HTMLElement>(selector)!.click();

afterEach(() => Dialog.flush());

describe('confirmName', () => {
  it('tells what is recorded, where it goes and under which name, and takes a yes', async () => {
    const { answer, node } = await open();
    expect(node.querySelectorAll('input')).toHaveLength(0);
    const described = node.getAttribute('aria-describedby');
    expect(node.querySelector(`[id="${described}"]`)?.textContent).toBe(
      'Your runs are recorded. It stays on this Jupyter server.' +
        'You are signed in as ann.lee and appear as ANN-LEE. Whoever is somebody else signs in as themselves.'
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
