// The contract that PostHog has with its libraries, tried with the installed package in a plain Node
// program, against a server on loopback. checklibrary.mjs puts this file and sdkstage.mjs beside the
// package, and runs this file.
// The cases have the names they have in PostHog's SDK compliance suite (posthog-sdk-test-harness 1.0.0,
// capture v0, server).
import assert from 'node:assert/strict';
import { EARLY_MS, pass, sending } from './sdkstage.mjs';

const EVENT = { event: 'test_event', distinct_id: 'test_user' };
const EVENTS = Array.from({ length: 5 }, (_, index) => ({
  ...EVENT,
  event: `test_event_${index}`
}));
const UUID =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The one event of the one request. */
function one(check) {
  return ({ requests }) => {
    assert.equal(requests.length, 1);
    assert.equal(requests[0].events.length, 1);
    check(requests[0].events[0], requests[0]);
  };
}

const uuids = ({ events }) => events.map(({ uuid }) => uuid);
const times = ({ events }) => events.map(({ timestamp }) => timestamp);

const retries = status =>
  sending(
    [EVENT],
    async stage => {
      const [first, second] = await stage.until(2);
      assert.deepEqual([first.status, second.status], [status, 200]);
      await stage.client.flush();
      assert.equal(await stage.client.pending(), 0);
    },
    { answers: [status] }
  );

const doesNotRetry = status =>
  sending(
    [EVENT],
    async ({ requests }) => {
      await pass(5_000);
      assert.deepEqual(
        requests.map(({ status }) => status),
        [status]
      );
    },
    { answers: [status] }
  );

/** The same events, as they were, on every attempt. */
const keeps = (events, answers) =>
  sending(
    events,
    async stage => {
      const [first, ...others] = await stage.until(answers.length + 1);
      assert.equal(new Set(uuids(first)).size, events.length);
      for (const other of others) {
        assert.deepEqual(uuids(other), uuids(first));
        assert.deepEqual(times(other), times(first));
      }
    },
    { answers }
  );

const CASES = {
  event_has_required_fields: sending(
    [EVENT],
    one(({ event, distinct_id }) => {
      assert.deepEqual({ event, distinct_id }, EVENT);
    })
  ),
  event_has_uuid: sending(
    [EVENT],
    one(({ uuid }) => assert.match(uuid, UUID))
  ),
  event_has_lib_properties: sending(
    [EVENT],
    one(({ properties }) => {
      assert.equal(properties.$lib, 'ipynb-telemetry');
      assert.match(properties.$lib_version, /^\d+\.\d+\.\d+/);
    })
  ),
  distinct_id_is_string: sending(
    [{ ...EVENT, distinct_id: 'test_user_123' }],
    one(({ distinct_id }) => assert.equal(distinct_id, 'test_user_123'))
  ),
  token_is_present: sending(
    [EVENT],
    one((_, { body }) => assert.equal(body.api_key, 'phc_other')),
    { key: 'phc_other' }
  ),
  custom_properties_preserved: sending(
    [
      {
        ...EVENT,
        properties: { text: 'hello', number: 42, yes: true, no: null }
      }
    ],
    one(({ properties: { text, number, yes, no } }) =>
      assert.deepEqual([text, number, yes, no], ['hello', 42, true, null])
    )
  ),
  event_has_timestamp: sending(
    [EVENT],
    one(({ timestamp }) => assert.match(timestamp, UTC))
  ),
  non_utc_event_timestamp_is_converted_to_utc: sending(
    [
      {
        ...EVENT,
        timestamp: '2026-01-01T17:30:00+05:30',
        properties: { due: '2026-01-01T17:30:00+05:30' }
      }
    ],
    one(({ timestamp, properties }) => {
      assert.equal(timestamp, '2026-01-01T12:00:00.000Z');
      assert.equal(properties.due, '2026-01-01T17:30:00+05:30');
    })
  ),

  retries_on_503: sending(
    [EVENT],
    async stage => {
      const requests = await stage.until(3);
      assert.deepEqual(
        requests.map(({ status }) => status),
        [503, 503, 200]
      );
    },
    { answers: [503, 503] }
  ),
  does_not_retry_on_400: doesNotRetry(400),
  does_not_retry_on_401: doesNotRetry(401),
  respects_retry_after_header: sending(
    [EVENT],
    async stage => {
      await stage.until(2);
      assert.ok(stage.pauses[0] >= 3_000 - EARLY_MS, `${stage.pauses} ms`);
    },
    { answers: [{ status: 429, 'Retry-After': '3' }] }
  ),
  implements_backoff: sending(
    [EVENT],
    async stage => {
      await stage.until(4);
      // Half of 1, 2 and 4 seconds at the least.
      [500, 1_000, 2_000].forEach((least, index) =>
        assert.ok(stage.pauses[index] >= least - EARLY_MS, `${stage.pauses} ms`)
      );
    },
    { answers: [503, 503, 503] }
  ),
  retries_on_500: retries(500),
  retries_on_502: retries(502),
  retries_on_504: retries(504),
  max_retries_respected: sending(
    [EVENT],
    async stage => {
      await stage.until(4);
      await pass(15_000);
      assert.equal(stage.requests.length, 4);
      assert.equal(await stage.client.pending(), 1);
    },
    { answers: Array(9).fill(503), maxRetries: 3 }
  ),

  generates_unique_uuids: sending(EVENTS, ({ requests }) =>
    assert.equal(new Set(requests.flatMap(uuids)).size, EVENTS.length)
  ),
  preserves_uuid_on_retry: keeps([EVENT], [503]),
  preserves_uuid_and_timestamp_on_retry: keeps([EVENT], [503, 503]),
  preserves_uuid_and_timestamp_on_batch_retry: keeps(EVENTS, [503]),
  no_duplicate_events_in_batch: sending(EVENTS, ({ requests }) =>
    requests.forEach(request =>
      assert.equal(new Set(uuids(request)).size, uuids(request).length)
    )
  ),
  different_events_have_different_uuids: sending(
    [EVENT, EVENT],
    ({ requests }) => {
      const [first, second] = requests.flatMap(uuids);
      assert.notEqual(first, second);
    }
  ),

  sends_gzip_when_enabled: sending(
    [EVENT],
    one((_, { url, headers }) => {
      assert.equal(headers['content-encoding'], 'gzip');
      assert.equal(url, '/batch/');
    }),
    { compress: true }
  ),

  uses_proper_batch_structure: sending(
    [EVENT],
    one((_, { method, url, headers, body }) => {
      assert.equal(`${method} ${url}`, 'POST /batch/');
      assert.equal(headers['content-type'], 'application/json');
      assert.deepEqual(Object.keys(body), ['api_key', 'sent_at', 'batch']);
    })
  ),
  flush_with_no_events_sends_nothing: sending([], ({ requests }) =>
    assert.equal(requests.length, 0)
  ),
  multiple_events_batched_together: sending(EVENTS, ({ requests }) => {
    assert.equal(requests.length, 1);
    assert.deepEqual(
      requests[0].events.map(({ event }) => event),
      EVENTS.map(({ event }) => event)
    );
  }),

  does_not_retry_on_403: doesNotRetry(403),
  does_not_retry_on_413: doesNotRetry(413),
  retries_on_408: retries(408)
};

await Promise.all(
  Object.entries(CASES).map(async ([name, run]) => {
    try {
      await run();
      console.log(`passed: ${name}`);
    } catch (error) {
      console.log(`FAILED: ${name}: ${error.stack}`);
    }
  })
);
