import { Notification } from '@jupyterlab/apputils';
import type { Destination } from '../../runtime/destination';
import { sendTestEvent } from '../../runtime/testevent';
import { FakeClock } from '../deliverystage';
import { trans } from '../fakes';

const POSTHOG: Destination = {
  kind: 'posthog',
  host: 'https://eu.i.posthog.com',
  key: 'phc_0123456789',
  relay: false
};

let answer: Response | Error;
const fetch = jest.fn((_url: string, _init: RequestInit) =>
  answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
);
const send = async (
  destination: Destination = POSTHOG,
  host: string | null = POSTHOG.host
): Promise<void> =>
  sendTestEvent(
    destination,
    { host, key: POSTHOG.key, fetch },
    trans,
    new FakeClock(),
    () => void send(destination, host)
  );
const shown = () => Notification.manager.notifications;

beforeEach(() => {
  Notification.dismiss();
  fetch.mockClear();
});

describe('a test event', () => {
  it('is one event of no student, and where to look for it is asked', async () => {
    answer = new Response('{"status": 1}');
    await send();
    const [url, { body }] = fetch.mock.calls[0];
    expect(url).toBe('https://eu.i.posthog.com/batch/');
    expect(JSON.parse(body as string)).toEqual({
      api_key: POSTHOG.key,
      sent_at: expect.any(String) as string,
      batch: [
        {
          uuid: expect.any(String) as string,
          event: 'connection_tested',
          distinct_id: 'ipynb-telemetry-test',
          timestamp: expect.any(String) as string,
          properties: { $process_person_profile: false, $geoip_disable: true }
        }
      ]
    });
    expect(shown().map(({ message }) => message)).toEqual([
      'Look for connection_tested at https://eu.posthog.com → Activity. Is it there?'
    ]);
    const [yes, no] = shown()[0].options.actions ?? [];
    yes.callback(new MouseEvent('click'));
    no.callback(new MouseEvent('click'));
    expect(
      shown()
        .map(({ type }) => type)
        .sort()
    ).toEqual(['info', 'success', 'warning']);
  });

  it.each([
    [
      false,
      'Your class’s collector at c.example:8443 has taken connection_tested.'
    ],
    [
      true,
      'This Jupyter server sends connection_tested to your class’s collector at c.example:8443. “Recorded activity” says if it fails.'
    ]
  ])('goes to a class’s collector, relayed: %s', async (relay, words) => {
    answer = new Response('{"status": 1}');
    const host = 'https://c.example:8443/cs1';
    await send({ kind: 'posthog', host, key: 'tcw_01234567', relay }, host);
    const [{ message, type }] = shown();
    expect([type, message]).toEqual(['success', words]);
    expect(message.length).toBeLessThan(141);
  });

  it.each([
    [
      new Response('no such project', { status: 401 }),
      /not taken: 401.*project/
    ],
    [new Error('x'.repeat(999)), /not taken: Error: x{60,}\.$/]
  ])(
    'that is not taken says why, and can be tried again',
    async (told, words) => {
      answer = told;
      await send();
      const [{ message, type, options }] = shown();
      expect([type, message]).toEqual([
        'error',
        expect.stringMatching(words) as string
      ]);
      expect(message.length).toBeLessThan(141);
      answer = new Response('{"status": 1}');
      options.actions?.[0].callback(new MouseEvent('click'));
      expect(fetch).toHaveBeenCalledTimes(2);
    }
  );

  it('says where it is without a project', async () => {
    answer = new Response('{"status": 1}');
    await send({ kind: 'collector' }, 'http://hub.example/ipynb-telemetry');
    expect(shown()[0].message).toContain('jupyter telemetry export');
    // Without a time JupyterLab shows no message.
    expect(shown()[0].options.autoClose).toBeGreaterThan(0);
    Notification.dismiss();
    await send({ kind: 'browser' }, null);
    expect(shown()[0].message).toContain('stay in this browser');
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
