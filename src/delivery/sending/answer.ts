/** The most of a refusal's words that is kept, in characters. */
const MAX_WORDS_LENGTH = 200;

/** What ends a line, or makes a terminal do something. */
const DEBRIS = /[\s\p{C}]+/gu;

/** The result of one attempt to send a batch. */
export type SendResult =
  /** There is no other end, and so nothing to try. */
  | { readonly status: 'kept' }
  /** The other end has the batch. */
  | { readonly status: 'accepted' }
  /** The other end may take the batch later: keep everything and try again. */
  | {
      readonly status: 'retry';
      readonly reason: string;
      readonly afterMs?: number;
      /** No answer came in time: less may get through. */
      readonly isSlow?: boolean;
    }
  /** The batch is too big as it is. */
  | { readonly status: 'too_large'; readonly reason: string }
  /** At least one event in it will never be taken. */
  | { readonly status: 'rejected'; readonly reason: string }
  /** The key or the login is refused: nothing will be taken until it is corrected. */
  | { readonly status: 'unauthorized'; readonly reason: string }
  /** The student's login at the other end has expired: no batch is sent until there is a new one. */
  | { readonly status: 'logged_out' };

/** Whether an answer may be what somebody gets who is not logged in. */
export function isRefusal({ status, type }: Response): boolean {
  return status === 401 || status === 403 || type === 'opaqueredirect';
}

/**
 * Tell what an answer means for the batch that it answers.
 *
 * The rules have a twin in Python, `ipynb_telemetry/kernel/answer.py`; the cases
 * in `conformance/rules/deliveries.json` hold both.
 *
 * @param response - the answer, its body unread
 * @param now - when the answer came, in milliseconds since 1970
 */
export async function judge(
  response: Response,
  now: number
): Promise<SendResult> {
  const { status } = response;
  if (status === 204) {
    return { status: 'accepted' };
  }
  if (response.ok) {
    return judgeSuccess(await response.text());
  }
  // Browsers do not say where a redirect leads: to a login page, or a network's own.
  if (response.type === 'opaqueredirect') {
    return { status: 'retry', reason: 'the request is redirected' };
  }
  const reason = await reasonOf(response);
  if (status === 401 || status === 403) {
    return { status: 'unauthorized', reason };
  }
  if (status === 413) {
    return { status: 'too_large', reason };
  }
  if (status === 400 || status === 422) {
    return { status: 'rejected', reason };
  }
  // Any other answer (of a wrong place, a proxy, a hub whose server is stopped
  // and answers 424) says nothing against the events.
  const afterMs = askedPause(response.headers.get('Retry-After'), now);
  return { status: 'retry', reason, afterMs };
}

/** @returns milliseconds, or undefined when the header is absent or malformed */
function askedPause(header: string | null, now: number): number | undefined {
  if (header === null) {
    return undefined;
  }
  const seconds = Number(header);
  const wait = Number.isNaN(seconds)
    ? Date.parse(header) - now
    : seconds * 1000;
  return wait >= 0 ? wait : undefined;
}

/** The status, and what the body of a refusal says: HTTP/2 has no other words. */
async function reasonOf(response: Response): Promise<string> {
  const reason = `${response.status} ${cleaned(response.statusText)}`.trim();
  const words =
    response.status >= 400 && response.status < 500
      ? wordsOf(await response.text().catch(() => ''))
      : '';
  return reason.endsWith(words) ? reason : `${reason}: ${words}`;
}

/** The text of a body, or of the JSON object in it. */
function wordsOf(body: string): string {
  const told = parse(body, body);
  const { message, detail, error } = (told ?? {}) as Record<string, unknown>;
  const texts = [told, message, detail, error].filter(
    text => typeof text === 'string'
  );
  return cleaned(texts.find(text => text.replace(DEBRIS, '')) ?? '');
}

/** Words of the other end on one line; no page, and no debris. */
function cleaned(text: string): string {
  const line = text.replace(DEBRIS, ' ').trim();
  return /^[<{[]/.test(line) ? '' : line.slice(0, MAX_WORDS_LENGTH).trim();
}

/**
 * Tell what a status of success is worth: not every 200 means that the events are
 * kept. PostHog, the collector and the relay answer an object with a `status`.
 */
function judgeSuccess(text: string): SendResult {
  const told = (parse(text) ?? {}) as { quota_limited?: unknown };
  if (
    Array.isArray(told.quota_limited) &&
    told.quota_limited.includes('events')
  ) {
    // PostHog drops the events of a project over its quota.
    return { status: 'retry', reason: 'quota', afterMs: 60_000 };
  }
  return typeof told === 'object' && 'status' in told
    ? { status: 'accepted' }
    : { status: 'retry', reason: 'the answer is not a collector’s' };
}

function parse(text: string, otherwise?: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise;
  }
}
