import type { ServerConnection } from '@jupyterlab/services';
import { Delivery } from '../capture/delivery';
import { Holding } from '../capture/holding';
import type { IPayload } from '../events/payload';
import type { Consents } from './consents';
import { addressOf } from './destination';
import type { IMemory } from './memory';
import type { IPlace } from './places';
import { placesOf } from './places';
import { hasCode } from './formerevents';
import { Routing } from './routing';
import type { SettingsFollower } from './settingsfollower';

/**
 * Delivers what students agreed to: an event waits while its course is not answered,
 * and none goes to a place that nobody has agreed to, nor under a name where students
 * go by codes.
 */
export class AgreedDelivery {
  constructor(private readonly _options: AgreedDelivery.IOptions) {
    const { consents, memory, posthog, serverSettings, settings } = _options;
    this._routing = new Routing({
      settings,
      addressOf: destination => addressOf(destination, serverSettings),
      accepts: destination => consents.accepts(destination),
      lead: endpoint => {
        this.delivery.destination = endpoint;
      }
    });
    this.delivery = new Delivery({
      ...memory,
      destination: this._routing.begin(),
      mayLeave: row => settings.values.identity !== 'pseudonym' || hasCode(row),
      posthog
    });
    this.holding = new Holding(
      course => consents.isHeld(course),
      (payload, file) => this.delivery.deliver(payload, file)
    );
    consents.changed.connect(this.refresh, this);
  }

  readonly delivery: Delivery;
  /** The events that wait for an answer. */
  readonly holding: Holding;

  /** Emitted when events are given up. */
  get lost(): Delivery['lost'] {
    return this.delivery.lost;
  }

  /** The places that keep events at the moment, and answer students about themselves. */
  get places(): ReadonlyArray<IPlace> {
    const { serverSettings, settings } = this._options;
    return this._routing.isOpen
      ? placesOf(settings.destination, serverSettings)
      : [];
  }

  /** Deliver an event of a course, or keep it for an answer. */
  deliver(payload: IPayload, file?: string, course?: string): void {
    this.holding.deliver(payload, file, course);
  }

  /** There may be another answer. */
  refresh(): void {
    this._routing.refresh();
  }

  private readonly _routing: Routing;
}

/** The namespace for AgreedDelivery statics. */
export namespace AgreedDelivery {
  /** The things that it depends on whether an event goes anywhere, and where to. */
  export interface IOptions {
    readonly memory: IMemory;
    readonly settings: Pick<
      SettingsFollower,
      'destination' | 'moved' | 'values'
    >;
    readonly consents: Pick<Consents, 'accepts' | 'changed' | 'isHeld'>;
    readonly serverSettings: ServerConnection.ISettings;
    readonly posthog: Delivery.IOptions['posthog'];
  }
}
