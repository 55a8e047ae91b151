import type { Delivery } from '../capture/delivery';
import type { IUndelivered } from '../delivery/outbox/outboxes';
import type { IPayload } from '../events/payload';
import type { IRecord } from '../ui/rights';

/** What this page and its browser have of a student's events, beside what places keep. */
export class OwnEvents {
  constructor(private readonly _options: OwnEvents.IOptions) {}

  /**
   * What waits in this browser; on a shared computer only what this page made, since
   * somebody else may have given the same name before.
   */
  async undelivered(): Promise<IUndelivered> {
    const { delivery, isShared } = this._options;
    const { waiting, setAside } = await delivery.undelivered();
    const here = new Set(
      [...delivery.log.entries].map(({ payload }) => payload.uuid)
    );
    const isOwn = ({ uuid }: { uuid: string }): boolean =>
      !isShared() || here.has(uuid);
    return {
      waiting: waiting.filter(isOwn),
      setAside: setAside.filter(({ event }) => isOwn(event))
    };
  }

  /** What this page has sent of a student's to where nobody can ask. */
  sent(student: string): IRecord[] {
    const { delivery, isSentAway } = this._options;
    if (!isSentAway()) {
      return [];
    }
    return [...delivery.log.entries]
      .filter(
        ({ payload, state }) =>
          payload.student_id === student && state === 'delivered'
      )
      .map(({ payload }) => recordOf(payload));
  }
}

function recordOf(payload: IPayload): IRecord {
  const { uuid, event_type, timestamp, student_id, notebook } = payload;
  return {
    uuid,
    event: event_type,
    timestamp,
    name: student_id,
    notebook,
    properties: payload.properties,
    places: ['sent']
  };
}

/** The namespace for OwnEvents statics. */
export namespace OwnEvents {
  /** Where the events are, and whose they may be. */
  export interface IOptions {
    readonly delivery: Pick<Delivery, 'log' | 'undelivered'>;
    /** Whether events go to a PostHog at the moment, where no page can ask. */
    readonly isSentAway: () => boolean;
    /** Whether students share this computer. */
    readonly isShared: () => boolean;
  }
}
