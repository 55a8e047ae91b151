import { Widget } from '@lumino/widgets';
import { StatusItem } from '../../ui/statusitem';
import { JOHN, trans, until } from '../fakes';
import { FakeRuntime } from '../plugins/fakeruntime';

let runtime: FakeRuntime;
let item: StatusItem;
let showActivity: jest.Mock;
let openMenu: jest.Mock;

const text = (): string => document.body.textContent ?? '';
const shows = (words: string): Promise<void> => until(() => text() === words);
const click = (): void => document.querySelector('button')?.click();

beforeEach(async () => {
  runtime = new FakeRuntime();
  showActivity = jest.fn();
  openMenu = jest.fn();
  item = new StatusItem(
    runtime,
    runtime.asTracker,
    trans,
    showActivity,
    openMenu
  );
  Widget.attach(item, document.body);
  await shows('Not recorded');
});

afterEach(() => item.dispose());

describe('the status item', () => {
  it('asks for a name while there is none, then shows what is recorded', async () => {
    click();
    expect(runtime.identity.ask).toHaveBeenCalledTimes(1);
    expect(showActivity).not.toHaveBeenCalled();

    runtime.sign(JOHN);
    await shows('JOHN-DOE · telemetry on');
    click();
    expect(showActivity).toHaveBeenCalledTimes(1);
    expect(runtime.identity.ask).toHaveBeenCalledTimes(1);
  });

  it('calls a student by the name that a code stands for', async () => {
    runtime.identity.ownName = 'Mary Roe';
    runtime.sign({ id: 'c951-w80h-wfyn', name: 'c951-w80h-wfyn' });
    await shows('Mary Roe · telemetry on');
  });

  it('asks for no name where nothing can be recorded', async () => {
    runtime.canRecord = false;
    runtime.sign(JOHN);
    await shows('Not recorded: settings not readable');
    click();
    expect(showActivity).toHaveBeenCalledTimes(1);
    expect(runtime.identity.ask).not.toHaveBeenCalled();
  });

  it('says when events wait, for a refused key for example', async () => {
    runtime.sign(JOHN);
    runtime.fare({ problem: '401 Unauthorized' });
    await shows('JOHN-DOE · telemetry on, waiting to send');
    runtime.fare({});
    await shows('JOHN-DOE · telemetry on');
  });

  it('says that events stay where they are sent nowhere', async () => {
    runtime.sign(JOHN);
    runtime.moveTo('browser');
    await shows('JOHN-DOE · telemetry on, stays in this browser');
    runtime.moveTo('computer');
    await shows('JOHN-DOE · telemetry on, kept on this computer');
    runtime.moveTo('server');
    await shows('JOHN-DOE · telemetry on, kept on the Jupyter server');
    runtime.moveTo(null);
    await shows('JOHN-DOE · telemetry on');
  });

  it('says that events go to the class’s collector, and where that is', async () => {
    runtime.sign(JOHN);
    runtime.whereabouts.isClass = true;
    runtime.whereabouts.words =
      'Your records are sent to your class’s collector at 192.168.1.20:8443.';
    runtime.moveTo(null);
    await shows('JOHN-DOE · telemetry on, to your class’s collector');
    expect(document.querySelector('button')?.title).toBe(
      `Show what is recorded. ${runtime.whereabouts.words}`
    );
  });

  it('follows the notebook in front', async () => {
    const other = {};
    runtime.sign(JOHN);
    await shows('JOHN-DOE · telemetry on');
    const icon = (): string | undefined =>
      document.querySelector<HTMLElement>('[data-icon]')?.dataset.icon;
    expect(icon()).toBe('ipynb-telemetry:recorded');
    runtime.turnTo(other);
    await shows('Not recorded');
    expect(icon()).toBe('ipynb-telemetry:unrecorded');
    // There is a name: what is recorded of the others is shown.
    click();
    expect(showActivity).toHaveBeenCalledTimes(1);
    runtime.turnTo(runtime.front);
    await shows('JOHN-DOE · telemetry on');
    runtime.sign(null);
    await shows('Not recorded');
    runtime.turnTo(other);
    click();
    expect(runtime.identity.ask).not.toHaveBeenCalled();
  });

  it('says that there is no network while something waits', async () => {
    const onLine = jest.spyOn(navigator, 'onLine', 'get');
    const turn = (value: boolean): void => {
      onLine.mockReturnValue(value);
      window.dispatchEvent(new Event(value ? 'online' : 'offline'));
    };
    runtime.sign(JOHN);
    runtime.moveTo('computer');
    turn(false);
    // A server on this computer needs none.
    await shows('JOHN-DOE · telemetry on, kept on this computer');
    runtime.fare({ waiting: 1 });
    await shows('JOHN-DOE · telemetry on, offline, events wait');
    turn(true);
    await shows('JOHN-DOE · telemetry on, kept on this computer');
    onLine.mockRestore();
  });

  it('says when what waits does not outlive the page', async () => {
    runtime.sign(JOHN);
    runtime.fare({ isDurable: false, problem: '401 Unauthorized' });
    await shows('JOHN-DOE · telemetry on, in this page’s memory');
    runtime.fare({});
    await shows('JOHN-DOE · telemetry on');
  });

  it('is not drawn again for every event', async () => {
    runtime.sign(JOHN);
    await shows('JOHN-DOE · telemetry on');
    runtime.fare({});
    const update = jest.spyOn(item, 'update');
    for (let delivered = 0; delivered < 10; delivered++) {
      runtime.fare({ delivered, waiting: 1 });
    }
    expect(update).not.toHaveBeenCalled();
  });

  it('is there while a flagged notebook is open', () => {
    const changed = jest.fn();
    item.stateChanged.connect(changed);
    expect(item.isShowing).toBe(true);
    runtime.attachments.size = 0;
    runtime.attachments.changed.emit();
    expect(changed).toHaveBeenCalledTimes(1);
    expect(item.isShowing).toBe(false);
  });

  it('says that the student takes a pause, and until when', async () => {
    runtime.sign(JOHN);
    await shows('JOHN-DOE · telemetry on');
    runtime.rights.pause.begin('minutes15');
    await until(() => text().startsWith('JOHN-DOE · paused until '));
    runtime.rights.pause.begin('open');
    await shows('JOHN-DOE · paused');
    runtime.rights.pause.end();
    await shows('JOHN-DOE · telemetry on');
  });

  it('has a menu of what a known student can do, beside', async () => {
    expect(document.querySelectorAll('button')).toHaveLength(1);
    runtime.sign(JOHN);
    await shows('JOHN-DOE · telemetry on');
    const menu = document.querySelector<HTMLElement>('[aria-haspopup]');
    expect(menu?.getAttribute('aria-label')).toBe('Your records');
    menu?.click();
    expect(openMenu).toHaveBeenCalledWith(menu);
    expect(showActivity).not.toHaveBeenCalled();
  });
});
