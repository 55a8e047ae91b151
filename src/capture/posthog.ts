import type { CaptureResult, PostHog } from 'posthog-js/dist/module.slim';
import type posthog from 'posthog-js/dist/module.slim';
import type { IWireEvent } from '../delivery/wire';
import type { IPayload } from '../events/payload';

/**
 * What posthog-js may add to an event. Everything else it adds (page URL,
 * referrer, user agent, screen, time zone, campaign) is left out, what a later
 * version may invent included.
 */
const ALLOWED = ['$lib', '$lib_version'] as const;

/**
 * The properties that we add: no place is looked up, a present `$ip` keeps PostHog from
 * recording the connection's, and a student is a person one can open.
 */
const ADDED = {
  $ip: null,
  $geoip_disable: true,
  $process_person_profile: true
} as const;

/**
 * posthog-js decides what an event looks like; it never sends one. Events go
 * in by `capture` and come out at `before_send`.
 */
export class PostHogClient {
  /**
   * @param library - posthog-js itself
   * @param _deliver - takes each wire event, synchronously within `capture`
   */
  constructor(
    library: typeof posthog,
    private readonly _deliver: (event: IWireEvent) => void
  ) {
    this._client = library.init(
      // This key is never sent: the transport puts in the key of the moment.
      'ipynb-telemetry',
      {
        // Nothing is asked of this host; a stray request would stay here.
        api_host: 'http://127.0.0.1:9',
        before_send: event => this._divert(event),
        persistence: 'memory',
        // Without a session of its own, and without a look for an opt-out with each event.
        cookieless_mode: 'always',
        // This id is never sent: each event carries its own student.
        bootstrap: { distinctID: 'ipynb-telemetry' },
        disable_persistence: true,
        person_profiles: 'always',
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
        save_referrer: false,
        save_campaign_params: false,
        // A browser driven by WebDriver is a student's all the same.
        opt_out_useragent_filter: true,
        // A Run All is no abuse; the outbox has its own limits.
        rate_limiting: {
          events_per_second: 100_000,
          events_burst_limit: 1_000_000
        }
      },
      // With a name, init returns an instance of our own and leaves the
      // page's global one (another extension's, perhaps) alone.
      'ipynb_telemetry'
    );
  }

  /** Hand an event to posthog-js; it comes out at `deliver` before this returns. */
  capture(payload: IPayload): void {
    const properties = flatten(payload);
    this._current = { payload, properties };
    try {
      this._client.capture(payload.event_type, properties, {
        uuid: payload.uuid,
        timestamp: new Date(payload.timestamp),
        skip_client_rate_limiting: true,
        // Truncation copies all properties, to any depth; ours are bounded already.
        _noTruncate: true
      });
    } catch (reason) {
      console.warn('ipynb-telemetry: posthog-js failed', reason);
    }
    if (this._current !== null) {
      // posthog-js drops events for reasons that are not ours (an opt-out some
      // other page of this origin stored); it may cost its labels, no event.
      this._hand({});
    }
  }

  private _divert(event: CaptureResult | null): null {
    // posthog-js sometimes has something to say of its own: it may not.
    if (event !== null && event.uuid === this._current?.payload.uuid) {
      this._hand(event.properties);
    }
    return null;
  }

  private _hand(added: Readonly<Record<string, unknown>>): void {
    if (this._current === null) {
      return;
    }
    const { payload, properties } = this._current;
    this._current = null;
    const labels = ALLOWED.filter(name => added[name] !== undefined);
    this._deliver({
      uuid: payload.uuid,
      event: payload.event_type,
      distinct_id: payload.student_id,
      timestamp: payload.timestamp,
      properties: {
        ...properties,
        ...Object.fromEntries(labels.map(name => [name, added[name]])),
        ...ADDED
      }
    });
  }

  private readonly _client: PostHog;
  /** The event that is on its way through posthog-js. */
  private _current: {
    readonly payload: IPayload;
    readonly properties: Readonly<Record<string, unknown>>;
  } | null = null;
}

/**
 * The properties an event has in PostHog: its own and, side by side with them,
 * those of the envelope that PostHog has no column for.
 */
function flatten(payload: IPayload): Record<string, unknown> {
  return {
    ...payload.properties,
    student_id: payload.student_id,
    notebook: payload.notebook,
    session_id: payload.session_id,
    seq: payload.seq,
    active_ms: payload.active_ms,
    ...(payload.redacted === undefined ? {} : { redacted: payload.redacted })
  };
}
