import posthog from 'posthog-js/dist/module.slim';
import { PostHogClient } from '../../capture/posthog';
import type { IWireEvent } from '../../delivery/wire';
import type { IPayload } from '../../events/payload';
import { customPayloadOf, makeSession, payloadOf, SAMPLES } from '../fakes';
import { network } from '../network';

const AGENT = navigator.userAgent;
const CONSENT = '__ph_opt_in_out_ipynb-telemetry';

const delivered: IWireEvent[] = [];
const session = makeSession();
const others = { other: 'library' };
let client: PostHogClient;

const paste = (): IPayload => payloadOf(session, 'paste', SAMPLES.paste);

/** The instance our client made. */
function instance(): typeof posthog {
  const { ipynb_telemetry: made } = posthog as unknown as {
    ipynb_telemetry: typeof posthog;
  };
  return made;
}

beforeAll(() => {
  jest.useFakeTimers();
  Object.assign(window, { posthog: others });
  history.replaceState(
    null,
    '',
    '/lab/tree/home/ann/D1.ipynb?token=secret-token&utm_source=mail'
  );
  Object.defineProperty(document, 'referrer', { value: 'http://hub.example/' });
  // A single client for the page: posthog-js keeps instances by their name.
  client = new PostHogClient(posthog, event => delivered.push(event));
});

afterEach(() => {
  delivered.length = 0;
  localStorage.clear();
});

afterAll(() => jest.useRealTimers());

describe('PostHogClient', () => {
  it('delivers within capture exactly what is allowed', () => {
    const payload = paste();
    client.capture(payload);
    expect(delivered).toEqual([
      {
        uuid: payload.uuid,
        event: 'paste',
        distinct_id: 'JOHN_DOE',
        timestamp: payload.timestamp,
        properties: {
          ...SAMPLES.paste,
          student_id: 'JOHN_DOE',
          notebook: 'D1_Python_Tooling',
          session_id: session.id,
          seq: payload.seq,
          active_ms: payload.active_ms,
          $lib: expect.any(String),
          $lib_version: expect.stringMatching(/^\d+\.\d+\.\d+/),
          $ip: null,
          $geoip_disable: true,
          $process_person_profile: true
        }
      }
    ]);
  });

  it('switches off all that posthog-js does by itself', () => {
    expect(instance().config).toMatchObject({
      advanced_disable_flags: true,
      advanced_disable_feature_flags: true,
      autocapture: false,
      rageclick: false,
      capture_pageview: false,
      capture_pageleave: false,
      capture_dead_clicks: false,
      capture_exceptions: false,
      capture_heatmaps: false,
      capture_performance: false,
      disable_session_recording: true,
      disable_surveys: true,
      disable_product_tours: true,
      disable_conversations: true,
      disable_web_experiments: true,
      disable_external_dependency_loading: true,
      disable_scroll_properties: true,
      disable_persistence: true,
      save_referrer: false,
      save_campaign_params: false
    });
  });

  it('lets out neither the address, the token, paths nor the user agent', () => {
    client.capture(paste());
    client.capture(customPayloadOf(session, 'quiz_done', { score: 3 }));
    const text = JSON.stringify(delivered);
    for (const secret of [
      'secret-token',
      '/home/ann',
      'localhost',
      'utm_source',
      'hub.example',
      AGENT,
      'jsdom'
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  it('keeps the time of capture, whenever it is handed on', () => {
    const payload = paste();
    jest.advanceTimersByTime(60_000);
    client.capture(payload);
    expect(delivered[0].timestamp).toBe(payload.timestamp);
  });

  it('delivers 1,000 events in a row', () => {
    const payloads = Array.from({ length: 1000 }, paste);
    payloads.forEach(payload => client.capture(payload));
    expect(delivered.map(({ uuid }) => uuid)).toEqual(
      payloads.map(({ uuid }) => uuid)
    );
    expect(delivered.every(({ properties }) => properties.$lib)).toBe(true);
  });

  it('keeps texts of any length and kinds of any depth', () => {
    const code = 'x'.repeat(100_000);
    client.capture(
      payloadOf(session, 'cell_executed', { ...SAMPLES.cell_executed, code })
    );
    const deep = { a: [{ b: { c: [1, null, 'x'] } }] };
    client.capture(customPayloadOf(session, 'quiz_done', { deep }));
    expect(delivered[0].properties.code).toBe(code);
    expect(delivered[1].properties.deep).toEqual(deep);
  });

  it('asks nothing of any server, now or later', async () => {
    client.capture(paste());
    await jest.advanceTimersByTimeAsync(600_000);
    window.dispatchEvent(new Event('beforeunload'));
    window.dispatchEvent(new Event('pagehide'));
    document.dispatchEvent(new Event('visibilitychange'));
    document.body.click();
    await jest.advanceTimersByTimeAsync(600_000);
    const { fetch, xhr, beacon } = network;
    expect([fetch, xhr, beacon].map(({ mock }) => mock.calls)).toEqual([
      [],
      [],
      []
    ]);
    expect(document.querySelectorAll('script')).toHaveLength(0);
  });

  it('keeps what posthog-js has to say of its own to itself', () => {
    instance().capture('$pageview');
    instance().capture('$identify', { $set: { name: 'x' } });
    instance().register({ leaked: true });
    client.capture(paste());
    expect(delivered.map(({ event }) => event)).toEqual(['paste']);
    expect(delivered[0].properties).not.toHaveProperty('leaked');
  });

  it('leaves no trace in the browser', () => {
    client.capture(paste());
    expect(localStorage).toHaveLength(0);
    expect(sessionStorage).toHaveLength(0);
    expect(document.cookie).toBe('');
  });

  it('leaves another user of the library alone', () => {
    expect((window as unknown as { posthog: unknown }).posthog).toBe(others);
    expect(posthog.__loaded).toBe(false);
  });

  it.each([
    ['stored', () => localStorage.setItem(CONSENT, '0')],
    ['told to posthog-js', () => instance().opt_out_capturing()]
  ])('delivers after an opt-out that was %s', (_, optOut) => {
    optOut();
    const payload = paste();
    client.capture(payload);
    instance().opt_in_capturing({ captureEventName: false });
    expect(delivered.map(({ uuid }) => uuid)).toEqual([payload.uuid]);
    expect(delivered[0].properties).toMatchObject(SAMPLES.paste);
  });

  it('delivers though posthog-js fails, once', () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const capture = jest.spyOn(instance(), 'capture').mockImplementation(() => {
      throw new Error('bug');
    });
    const payload = paste();
    client.capture(payload);
    expect(delivered.map(({ uuid }) => uuid)).toEqual([payload.uuid]);
    expect(warn).toHaveBeenCalledTimes(1);
    capture.mockRestore();
    warn.mockRestore();
  });
});
