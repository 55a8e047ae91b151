/** An event as a place stores it, be it a collector or PostHog. */
export interface IStoredEvent {
  uuid: string;
  event: string;
  distinct_id: string;
  timestamp: string;
  properties: Record<string, unknown>;
}

/** What `events` asks the collector for. */
export interface IEventFilter {
  student?: string;
  notebook?: string;
  type?: string;
  since?: string;
  /**
   * Whether the events that tell of a consent are among them. Default: those of
   * the lessons only, which is what most tests are about.
   */
  consents?: boolean;
}

/** Whether an event tells of an answer, and not of a lesson. */
export function isConsent(event: string): boolean {
  return event.startsWith('consent_');
}

/** Where events arrive. */
export interface IOtherEnd {
  /** What is stored there, oldest first. */
  events(filter?: IEventFilter): Promise<IStoredEvent[]>;
}

/** Read every page of the collector's events, oldest first. */
export async function storedEvents(
  fetch: (path: string) => Promise<Response>,
  { consents = false, ...filter }: IEventFilter
): Promise<IStoredEvent[]> {
  const events: IStoredEvent[] = [];
  const query = new URLSearchParams({ ...filter, limit: '1000' });
  for (;;) {
    const response = await fetch(`ipynb-telemetry/api/events?${query}`);
    if (!response.ok) {
      throw new Error(`The collector answers ${response.status}.`);
    }
    const page = (await response.json()) as {
      events: IStoredEvent[];
      next: string | number | null;
    };
    events.push(...page.events);
    if (page.next === null) {
      return events
        .filter(({ event }) => consents || !isConsent(event))
        .reverse();
    }
    query.set('cursor', String(page.next));
  }
}
