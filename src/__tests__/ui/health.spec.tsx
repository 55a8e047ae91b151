import { ReactWidget } from '@jupyterlab/apputils';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import type { IDeliveryHealth } from '../../delivery/health';
import { Health } from '../../ui/health';
import { trans, until } from '../fakes';
import { HEALTHY } from '../plugins/fakeruntime';

const onSend = jest.fn();
const onExport = jest.fn();

let widget: ReactWidget;

async function draw(
  health: Partial<IDeliveryHealth>,
  staysHere = false
): Promise<void> {
  widget = ReactWidget.create(
    <Health
      health={{ ...HEALTHY, ...health }}
      staysHere={staysHere}
      trans={trans}
      onSend={onSend}
      onExport={onExport}
    />
  );
  Widget.attach(widget, document.body);
  MessageLoop.flush();
  await until(() => widget.node.querySelector('dl') !== null);
}

const all = (selector: string): (string | null)[] =>
  [...widget.node.querySelectorAll(selector)].map(node => node.textContent);
const words = (): (string | null)[] => all('p:not([role])');
const buttons = (): HTMLElement[] => [
  ...widget.node.querySelectorAll('button')
];

afterEach(() => {
  widget.dispose();
  jest.clearAllMocks();
});

describe('Health', () => {
  it('has little to say before anything happened', async () => {
    await draw({});
    expect(widget.node.textContent).toBe('Delivered0');
    expect(buttons()).toEqual([]);
  });

  it('offers an export, and no attempt, of what stays in the browser', async () => {
    await draw({ waiting: 7 }, true);
    expect(words()[0]).toBe(
      '7 events are kept in this browser. Export them for your instructor'
    );
    expect(widget.node.textContent).not.toContain('Delivered');
    expect(buttons().map(({ textContent }) => textContent)).toEqual(['Export']);
    buttons()[0].click();
    expect(onExport).toHaveBeenCalledTimes(1);
  });

  it('says why events are refused, also those of an earlier visit', async () => {
    const refusals = [
      { reason: '400 Bad Request', count: 2 },
      { reason: '422 Unprocessable', count: 1 }
    ];
    await draw({ setAside: 3, refusals });
    expect(all('dt')).toContain('Refused because');
    expect(all('dd')).toContain('400 Bad Request (2), 422 Unprocessable (1)');
  });

  it.each<[Partial<IDeliveryHealth>, string]>([
    [{ waiting: 1, delivered: 5 }, '1 event is waiting to be sent'],
    [{ waiting: 2, setAside: 1 }, '2 events are waiting to be sent'],
    [
      { setAside: 1, delivered: 5 },
      '1 event was refused, all others were delivered'
    ],
    [{ setAside: 3 }, '3 events were refused, all others were delivered'],
    [{ delivered: 1 }, 'Everything was delivered']
  ])('sums %j up', async (health, summary) => {
    await draw(health);
    expect(words()[0]).toBe(summary);
    expect(all('[role="alert"]')).toEqual([]);
  });

  it('has the numbers that are not nothing', async () => {
    const lastContact = '2024-01-02T03:04:05.678Z';
    const nextAttempt = '2024-01-02T04:05:06.789Z';
    const time = (iso: string): string => new Date(iso).toLocaleTimeString();
    await draw({ delivered: 7, setAside: 2, dropped: 3 });
    expect(all('dt')).toEqual(['Delivered', 'Refused', 'Given up']);
    expect(all('dd')).toEqual(['7', '2', '3']);
    widget.dispose();
    await draw({ lastContact, nextAttempt });
    expect(all('dt')).toEqual(['Delivered', 'Last contact', 'Next attempt']);
    expect(all('dd')).toEqual(['0', time(lastContact), time(nextAttempt)]);
  });

  it.each([
    ['401 Unauthorized', /key or the login is refused \(401 Unauthorized\)/],
    ['403 Forbidden', /Correct the key in the settings/],
    ['quota', /project is over its quota\.$/],
    ['502 Bad Gateway', /the other end says “502 Bad Gateway”\.$/],
    ['no answer', /the other end says “no answer”\.$/]
  ])('says of %j what the instructor can do', async (problem, expected) => {
    await draw({ problem });
    const [alert, ...others] = all('[role="alert"]');
    expect(others).toEqual([]);
    expect(alert).toMatch(/^Events are kept and sent later\./);
    expect(alert).toMatch(expected);
  });

  it('warns when nothing is kept on disk', async () => {
    await draw({ isDurable: false });
    expect(all('[role="alert"]')).toEqual([
      expect.stringContaining('gone when this page is closed')
    ]);
  });

  it.each([{ waiting: 1 }, { setAside: 1 }])(
    'lets %j be sent and exported',
    async health => {
      await draw(health);
      expect(buttons().map(({ textContent }) => textContent)).toEqual([
        'Send now',
        'Export'
      ]);
      buttons()[0].click();
      expect([onSend, onExport].map(({ mock }) => mock.calls.length)).toEqual([
        1, 0
      ]);
      buttons()[1].click();
      expect(onExport).toHaveBeenCalledTimes(1);
    }
  );
});
