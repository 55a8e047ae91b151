import { ReactWidget } from '@jupyterlab/apputils';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import type { IDeliveryHealth } from '../../delivery/health';
import type { IRelayHealth } from '../../delivery/sending/relay';
import { Health } from '../../ui/health';
import { trans, until } from '../fakes';
import type { KeptAt } from '../../ui/model';
import { HEALTHY } from '../deliverystage';

const RELAY: IRelayHealth = {
  waiting: 0,
  setAside: 0,
  refusals: [],
  problem: null,
  lastContact: null,
  nextAttempt: null
};

const onSend = jest.fn();
const onExport = jest.fn();

let widget: ReactWidget;

async function draw(
  health: Partial<IDeliveryHealth>,
  {
    keptAt = null,
    isDirect = false,
    isClass = false,
    isOfHub = false
  }: {
    keptAt?: KeptAt;
    isDirect?: boolean;
    isClass?: boolean;
    isOfHub?: boolean;
  } = {}
): Promise<void> {
  widget = ReactWidget.create(
    <Health
      health={{ ...HEALTHY, ...health }}
      keptAt={keptAt}
      isDirect={isDirect}
      isClass={isClass}
      isOfHub={isOfHub}
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
    expect(widget.node.textContent).toBe('');
    expect(buttons()).toEqual([]);
  });

  it('offers an export, and no attempt, of what stays in the browser', async () => {
    await draw({ waiting: 7 }, { keptAt: 'browser' });
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

  it('says why PostHog refuses what the relay has', async () => {
    const refusals = [{ reason: '422 Unprocessable', count: 2 }];
    const relay = { ...RELAY, setAside: 2, refusals };
    await draw({ relay });
    expect(all('dd')).toContain('422 Unprocessable (2)');
    widget.dispose();
    await draw({
      setAside: 1,
      refusals: [{ reason: '400 Bad Request', count: 1 }],
      relay
    });
    expect(all('dd')).toContain('400 Bad Request (1), 422 Unprocessable (2)');
  });

  it.each<[Partial<IDeliveryHealth>, string]>([
    [{ waiting: 1, delivered: 5 }, '1 event is waiting to be sent'],
    [{ waiting: 2, setAside: 1 }, '2 events are waiting to be sent'],
    [{ setAside: 1, delivered: 5 }, '1 event was refused, all others arrived'],
    [{ setAside: 3 }, '3 events were refused, all others arrived'],
    [{ delivered: 1 }, 'Everything was delivered']
  ])('sums %j up', async (health, summary) => {
    await draw(health);
    expect(words()[0]).toBe(summary);
    expect(all('[role="alert"]')).toEqual([]);
  });

  it.each([
    ['computer', 'Everything is kept on this computer'],
    ['server', 'Everything is kept on the Jupyter server']
  ] as const)('says what it means to arrive: %s', async (keptAt, summary) => {
    await draw({ delivered: 4 }, { keptAt });
    expect(words()[0]).toBe(summary);
    expect(all('dt')).toEqual(['Kept']);
    expect(all('dd')).toEqual(['4']);
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
    expect(all('dt')).toEqual(['Last contact', 'Next attempt']);
    expect(all('dd')).toEqual([time(lastContact), time(nextAttempt)]);
  });

  it.each([
    ['401 Unauthorized', /key or the login is refused \(401 Unauthorized\)/],
    ['403 Forbidden', /Correct the key in the settings/],
    ['quota', /project is over its quota\.$/],
    ['502 Bad Gateway', /the other end says “502 Bad Gateway”\.$/],
    [
      'TypeError: Failed to fetch',
      /no answer comes \(TypeError: Failed to fetch\)\. .*ad blocker.* goes on by itself\.$/
    ],
    ['no answer', /no answer comes \(no answer\)\. .* goes on by itself\.$/],
    [
      'VersionError: An attempt was made',
      /this browser’s database refuses \(VersionError: An attempt was made\)/
    ],
    // The quota is the browser's, not PostHog's.
    [
      'QuotaExceededError: full',
      /database refuses \(QuotaExceededError: full\)/
    ],
    ['Error: It does not open.', /refuses \(Error: It does not open\.\)/],
    ['the request is redirected', /says “the request is redirected”\.$/]
  ])('says of %j what the instructor can do', async (problem, expected) => {
    await draw({ problem });
    const [alert, ...others] = all('[role="alert"]');
    expect(others).toEqual([]);
    expect(alert).toMatch(/^Events are kept and sent later\./);
    expect(alert).toMatch(expected);
  });

  it.each([
    ['401 Unauthorized', /refused \(401 Unauthorized\)\. Correct the key/],
    ['the project is over its quota', /For .*: the PostHog project is over/],
    ['503 Unavailable', /the other end says “503 Unavailable”\.$/],
    [
      '[Errno 111] Connection refused',
      /server cannot reach PostHog \(\[Errno 111\] Connection refused\)\. Check the host/
    ],
    ['TypeError: quota', /server cannot reach PostHog \(TypeError: quota\)/],
    [
      'the settings name no project key',
      /server does not know where to send to: the settings name no project key/
    ]
  ])('says what the relay meets: %j', async (problem, expected) => {
    await draw({ delivered: 5, relay: { ...RELAY, waiting: 2, problem } });
    const [alert, ...others] = all('[role="alert"]');
    expect(others).toEqual([]);
    expect(alert).toMatch(/^Events are kept and sent later\./);
    expect(alert).toMatch(expected);
  });

  it.each([
    [
      '401 Unauthorized',
      /refuses the class key \(401 .*jupyter telemetry join/
    ],
    ['503 Unavailable', /the other end says “503 Unavailable”\.$/],
    ['timed out', /cannot send to your class’s collector \(timed out\)/],
    ['the settings name no project key', /server does not know where to/]
  ])(
    'says what the relay meets at a class collector: %j',
    async (problem, expected) => {
      const relay = { ...RELAY, waiting: 2, problem };
      await draw({ delivered: 5, relay }, { isClass: true });
      const [alert, ...others] = all('[role="alert"]');
      expect(others).toEqual([]);
      expect(alert).toMatch(expected);
      expect(widget.node.textContent).not.toContain('PostHog');
    }
  );

  it.each([
    ['403 Forbidden', /start it again; .* not in the course’s group/],
    ['timed out', /collector \(timed out\)\. Whoever runs the hub/],
    ['the settings cannot be read', /server does not know where to/]
  ])(
    'says what the relay meets at the collector of a hub: %j',
    async (problem, expected) => {
      const relay = { ...RELAY, waiting: 2, problem };
      await draw({ delivered: 5, relay }, { isClass: true, isOfHub: true });
      const [alert, ...others] = all('[role="alert"]');
      expect(others).toEqual([]);
      expect(alert).toMatch(expected);
      expect(alert).not.toMatch(/key|telemetry join/);
    }
  );

  it('tells a refused class key from a login at the Jupyter server', async () => {
    const problem = '403 Forbidden';
    const key = /collector refuses the class key/;
    await draw({ problem }, { isClass: true, isDirect: true });
    expect(all('[role="alert"]')[0]).toMatch(key);
    widget.dispose();
    await draw({ problem }, { isClass: true });
    expect(all('[role="alert"]')[0]).not.toMatch(key);
  });

  it('says first why nothing comes to the relay', async () => {
    await draw({
      problem: 'TypeError: Failed to fetch',
      relay: { ...RELAY, problem: '401 Unauthorized' }
    });
    expect(all('[role="alert"]')).toEqual([
      expect.stringContaining('(TypeError: Failed to fetch)')
    ]);
  });

  it('names the way around what keeps the browser from PostHog, where there is one', async () => {
    const problem = 'TypeError: Failed to fetch';
    const hint = /“Send through the Jupyter server” in the settings/;
    await draw({ problem }, { isDirect: true });
    expect(all('[role="alert"]')[0]).toMatch(hint);
    widget.dispose();
    await draw({ problem });
    expect(all('[role="alert"]')[0]).not.toMatch(hint);
  });

  it.each<[Partial<IDeliveryHealth>, string]>([
    [{ waiting: 1, relay: { ...RELAY, waiting: 2 } }, '3 events are waiting'],
    [{ delivered: 5, relay: { ...RELAY, waiting: 1 } }, '1 event is waiting'],
    [
      { setAside: 1, relay: { ...RELAY, setAside: 2 } },
      '3 events were refused'
    ],
    [{ delivered: 5, relay: RELAY }, 'Everything was delivered']
  ])(
    'takes nothing that the relay has for delivered: %j',
    async (health, sum) => {
      await draw(health);
      expect(words()[0]).toContain(sum);
    }
  );

  it('has the numbers and times of the relay', async () => {
    const own = '2024-01-02T01:02:03.456Z';
    const lastContact = '2024-01-02T03:04:05.678Z';
    const nextAttempt = '2024-01-02T04:05:06.789Z';
    const time = (iso: string): string => new Date(iso).toLocaleTimeString();
    const relay = { waiting: 7, setAside: 2, problem: null, lastContact };
    await draw({
      setAside: 1,
      lastContact: own,
      relay: { ...RELAY, ...relay, nextAttempt }
    });
    expect(all('dt')).toEqual([
      'Waiting on the server',
      'Refused',
      'Last contact',
      'Next attempt'
    ]);
    expect(all('dd')).toEqual(['7', '3', time(lastContact), time(nextAttempt)]);
    widget.dispose();
    await draw({ delivered: 1, relay: RELAY });
    expect(all('dt')).toEqual(['Delivered']);
  });

  it('warns when nothing is kept on disk', async () => {
    await draw({ isDurable: false });
    expect(all('[role="alert"]')).toEqual([
      expect.stringContaining('gone when this page is closed')
    ]);
  });

  it.each([{ waiting: 1 }, { setAside: 1 }])(
    'lets what the relay has be sent, of which this browser has nothing to export: %j',
    async relay => {
      await draw({ relay: { ...RELAY, ...relay } });
      expect(buttons().map(({ textContent }) => textContent)).toEqual([
        'Send now'
      ]);
    }
  );

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
