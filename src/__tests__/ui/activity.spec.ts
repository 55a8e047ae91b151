import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import { Session } from '../../events/session';
import { ActivityPanel } from '../../ui/activity';
import {
  JOHN,
  makeSession,
  MARY,
  payloadOf,
  SAMPLES,
  trans,
  until
} from '../fakes';
import { FakeRuntime } from '../plugins/fakeruntime';

/** Where the part that draws comes from. */
const server = { isDown: false };

jest.mock('../../ui/recordedactivity', () => {
  const actual: object = jest.requireActual('../../ui/recordedactivity');
  return Object.create(actual, {
    RecordedActivity: {
      get: () => {
        if (server.isDown) {
          throw new Error('down');
        }
        return (actual as { RecordedActivity: unknown }).RecordedActivity;
      }
    }
  }) as object;
});

let runtime: FakeRuntime;
let panel: ActivityPanel;
let leave: jest.Mock;

const text = (): string => panel.node.textContent ?? '';
const shows = (words: string): Promise<void> =>
  until(() => text().includes(words));
const entries = (): HTMLElement[] => [
  ...panel.node.querySelectorAll<HTMLElement>('li')
];

beforeEach(async () => {
  runtime = new FakeRuntime();
  leave = jest.fn();
  panel = new ActivityPanel(runtime, trans, new CommandRegistry(), leave);
  Widget.attach(panel, document.body);
  runtime.sign(JOHN);
  await shows('Nothing was recorded in this page since');
});

afterEach(() => panel.dispose());

describe('the panel', () => {
  it('loads what draws it when it is looked at, and again if that failed', async () => {
    const error = jest.spyOn(console, 'error').mockReturnValue();
    const other = new ActivityPanel(
      runtime,
      trans,
      new CommandRegistry(),
      leave
    );
    const otherShows = (words: string): Promise<void> =>
      until(() => (other.node.textContent ?? '').includes(words));
    server.isDown = true;
    other.hide();
    Widget.attach(other, document.body);
    await other.renderPromise;
    expect(error).not.toHaveBeenCalled();
    other.show();
    await otherShows('The panel could not be loaded.');
    expect(error).toHaveBeenCalledTimes(1);
    server.isDown = false;
    other.hide();
    other.show();
    await otherShows('Nothing was recorded in this page since');
    other.dispose();
    error.mockRestore();
  });

  it('has every event, newest first, with its state and on demand its JSON', async () => {
    const session = makeSession();
    const first = payloadOf(session, 'blur', SAMPLES.blur);
    runtime.log.add(first);
    runtime.log.add(payloadOf(session, 'focus', SAMPLES.focus));
    await until(() => entries().length === 2);
    expect(entries()[0].textContent).toContain('Came back to the notebook');
    expect(entries()[1].textContent).toMatch(/Left the notebook.*waiting/);

    runtime.log.settle([first.uuid], 'delivered');
    await until(() => entries()[1].dataset.state === 'delivered');
    expect(entries()[0].dataset.state).toBe('waiting');
    expect(entries()[1].textContent).toMatch(/ · delivered$/);

    const toggle = entries()[1].querySelector('button');
    expect(toggle?.getAttribute('aria-expanded')).toBe('false');
    toggle?.click();
    await until(() => panel.node.querySelector('pre') !== null);
    expect(toggle?.getAttribute('aria-expanded')).toBe('true');
    expect(
      JSON.parse(panel.node.querySelector('pre')?.textContent ?? '')
    ).toEqual(first);
  });

  it('calls a student by the name that a code stands for', async () => {
    const student = { id: 'c951-w80h-wfyn', name: 'c951-w80h-wfyn' };
    runtime.identity.ownName = 'Mary Roe';
    runtime.log.add(
      payloadOf(new Session(student, 'lesson'), 'blur', SAMPLES.blur)
    );
    runtime.sign(student);
    await shows('Mary Roe.');
    await until(() => entries().length === 1);
  });

  it('shows nobody what another student did before', async () => {
    runtime.log.add(payloadOf(makeSession(), 'blur', SAMPLES.blur));
    await until(() => entries().length === 1);
    runtime.sign(MARY);
    await shows('Nothing was recorded in this page since');
    expect(entries()).toHaveLength(0);
    runtime.log.add(payloadOf(makeSession(MARY), 'focus', SAMPLES.focus));
    await shows('Came back to the notebook');
    expect(entries()).toHaveLength(1);
    runtime.sign(null);
    await shows('Nothing is recorded: no name was given.');
    runtime.sign(JOHN);
    await shows('Left the notebook');
    expect(entries()).toHaveLength(1);
  });

  it('says of each event why it is not there', async () => {
    const session = makeSession();
    const [a, b] = [1, 2].map(() => payloadOf(session, 'blur', SAMPLES.blur));
    runtime.log.add(a);
    runtime.log.add(b);
    runtime.log.settle([a.uuid], 'set_aside', '400 Bad Request');
    runtime.log.settle([b.uuid], 'dropped');
    await shows('refused: 400 Bad Request');
    expect(entries()[0].textContent).toMatch(/ · given up$/);
  });

  it('draws a hundred of many, and more on demand', async () => {
    const session = makeSession();
    for (let i = 0; i < 250; i++) {
      runtime.log.add(payloadOf(session, 'blur', SAMPLES.blur));
    }
    await until(() => entries().length > 0);
    expect(entries()).toHaveLength(100);
    const older = [...panel.node.querySelectorAll('button')].find(
      ({ textContent }) => textContent === 'Show older'
    );
    older?.click();
    await until(() => entries().length === 200);
  });

  it('says at the end that there are older ones, and of them what else', async () => {
    const OLDER = 'Older ones are not shown here';
    const session = makeSession();
    const large = 'x'.repeat(10_000_000);
    for (let i = 0; i < 103; i++) {
      const payload = payloadOf(session, 'blur', SAMPLES.blur);
      const properties = i < 3 ? { text: large } : payload.properties;
      runtime.log.add({ ...payload, properties });
    }
    await until(() => entries().length === 100);
    // Not before all that is here is shown.
    expect(text()).not.toContain(OLDER);
    [...panel.node.querySelectorAll('button')].at(-1)?.click();
    await shows(`${OLDER}; they are sent all the same.`);
    expect(entries()).toHaveLength(101);
    runtime.moveTo('computer');
    await shows(`${OLDER}; they are kept all the same.`);
    runtime.sign(MARY);
    await shows('Nothing was recorded in this page since');
    expect(text()).not.toContain(OLDER);
  });

  it('says where the events go, also from now on', async () => {
    await shows('JOHN-DOE. Your records stay on this Jupyter server.');
    runtime.whereabouts.words =
      'Your records are sent to PostHog at eu.i.posthog.com.';
    runtime.whereabouts.changed.emit();
    await shows('eu.i.posthog.com');
  });

  it('says that nothing can be recorded, and of nobody', async () => {
    runtime.canRecord = false;
    runtime.identity.changed.emit();
    await shows('Nothing is recorded: the settings are not readable.');
    expect(text()).not.toContain('JOHN-DOE');
  });

  it('follows how the delivery fares', async () => {
    runtime.fare({ waiting: 2 });
    await shows('2 events are waiting to be sent');
    runtime.fare({ delivered: 2 });
    await shows('Everything was delivered');
    // Read out on demand, not at each of a thousand changes.
    expect(panel.node.querySelector('[role="status"]')).toBeNull();
  });

  it('knows whether there is a way around what is in the way', async () => {
    runtime.whereabouts.isDirect = true;
    runtime.fare({ problem: 'TypeError: Failed to fetch' });
    await shows('“Send through the Jupyter server”');
  });

  it('draws nothing while it is out of sight, and everything after that', async () => {
    panel.hide();
    const update = jest.spyOn(panel, 'update');
    runtime.fare({ waiting: 2 });
    runtime.log.add(payloadOf(makeSession(), 'blur', SAMPLES.blur));
    expect(update).not.toHaveBeenCalled();
    panel.show();
    await shows('2 events are waiting to be sent');
    expect(entries()).toHaveLength(1);
  });

  it('calls notebooks by name where there are several, and files of one id apart', async () => {
    const facts = (): (string | undefined)[] =>
      entries().map(
        entry =>
          entry.querySelector('.jp-ipynb-telemetry-Activity-facts')
            ?.textContent ?? undefined
      );
    const add = (notebook: string, file: string): void =>
      runtime.log.add(
        payloadOf(new Session(JOHN, notebook), 'blur', SAMPLES.blur),
        file
      );
    add('D1', 'D1.ipynb');
    await until(() => entries().length === 1);
    expect(facts()[0]).not.toContain('D1');
    add('D2', 'D2.ipynb');
    await until(() => entries().length === 2);
    expect(facts().map(text => text?.split(' · ')[0])).toEqual(['D2', 'D1']);
    add('D1', 'Copy of D1.ipynb');
    await until(() => entries().length === 3);
    expect(facts().map(text => text?.split(' · ')[0])).toEqual([
      'D1 (Copy of D1.ipynb)',
      'D2',
      'D1 (D1.ipynb)'
    ]);
    // A consent is of no file.
    add('D2', '');
    await until(() => entries().length === 4);
    expect(facts().map(text => text?.split(' · ')[0])).toEqual([
      'D2',
      'D1 (Copy of D1.ipynb)',
      'D2',
      'D1 (D1.ipynb)'
    ]);
  });

  it('shows first what was run, and the technical lines last', async () => {
    const properties = { ...SAMPLES.cell_executed, code: 'print(1)' };
    runtime.log.add(payloadOf(makeSession(), 'cell_executed', properties));
    await until(() => entries().length === 1);
    entries()[0].querySelector('button')?.click();
    await until(() => panel.node.querySelector('pre') !== null);
    const lines = (panel.node.querySelector('pre')?.textContent ?? '').split(
      '\n'
    );
    expect(lines[1]).toContain('"event_type": "cell_executed"');
    expect(lines[3]).toContain('"code": "print(1)"');
  });
});

describe('the keyboard', () => {
  const stops = (): HTMLElement[] => [
    ...panel.node.querySelectorAll<HTMLElement>('[tabindex="0"]')
  ];
  const buttons = (): HTMLElement[] => [
    ...panel.node.querySelectorAll<HTMLElement>('[data-stop]')
  ];
  const press = (key: string): boolean =>
    document.activeElement!.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    );
  const add = (count: number): void => {
    const session = makeSession();
    for (let i = 0; i < count; i++) {
      runtime.log.add(payloadOf(session, 'blur', SAMPLES.blur));
    }
  };

  it('has one stop in the list, and goes through it with arrow keys', async () => {
    add(30);
    await until(() => entries().length === 30);
    expect(stops()).toEqual([buttons()[0]]);
    buttons()[0].focus();
    for (const [key, at] of [
      ['ArrowUp', 0],
      ['ArrowDown', 1],
      ['PageDown', 11],
      ['PageUp', 1],
      ['End', 29],
      ['ArrowDown', 29],
      ['Home', 0],
      ['ArrowDown', 1]
    ] as const) {
      // These keys scroll the panel otherwise.
      expect([key, press(key)]).toEqual([key, false]);
      expect(buttons().indexOf(document.activeElement as HTMLElement)).toBe(at);
    }
    // The stop stays at its event when newer ones come.
    const second = buttons()[1];
    await until(() => stops()[0] === second);
    add(1);
    await until(() => entries().length === 31);
    expect(stops()).toEqual([second]);
    expect(press('a')).toBe(true);
  });

  it('goes on with the first of the older ones', async () => {
    add(150);
    await until(() => entries().length === 100);
    buttons()[0].focus();
    press('End');
    const more = document.activeElement as HTMLElement;
    expect(more.textContent).toBe('Show older');
    more.click();
    await until(() => entries().length === 150);
    expect(document.activeElement).toBe(buttons()[100]);
  });

  it('is in the panel when that is opened, and back with Escape', async () => {
    const before = document.body.appendChild(document.createElement('button'));
    before.focus();
    panel.activate();
    await until(
      () => document.activeElement === panel.node.querySelector('section')
    );
    press('Escape');
    expect(document.activeElement).toBe(before);
    add(2);
    await until(() => entries().length === 2);
    panel.activate();
    await until(() => document.activeElement === buttons()[0]);
    before.remove();
    expect(leave).not.toHaveBeenCalled();
    press('Escape');
    expect(leave).toHaveBeenCalledTimes(1);
  });
});
