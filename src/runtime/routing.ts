import type { IEndpoint } from '../delivery/sending/transport';
import type { Destination } from './destination';
import { labelOf } from './destination';
import type { SettingsFollower } from './settingsfollower';

/** An end that takes nothing: events are kept. */
const NOWHERE: IEndpoint = { host: null, key: '' };

/**
 * Leads events to where the settings say, as soon as somebody has agreed to that
 * place: what waits was agreed to be sent to another one, perhaps.
 */
export class Routing {
  constructor(private readonly _options: Routing.IOptions) {
    this._destination = _options.settings.destination;
    _options.settings.moved.connect(this._onMoved, this);
  }

  /** Where a delivery that is made now sends to. */
  begin(): IEndpoint {
    this._isOpen = this._isAccepted;
    return this._isOpen && this._destination
      ? this._options.addressOf(this._destination)
      : NOWHERE;
  }

  /** Whether events go anywhere at the moment. */
  get isOpen(): boolean {
    return this._isOpen;
  }

  /** There may be another answer. */
  refresh(): void {
    if (this._isOpen !== this._isAccepted) {
      this._isOpen = !this._isOpen;
      this._lead();
    }
  }

  /** The settings lead to another place; null: nowhere for now. */
  private _onMoved(_: unknown, destination: Destination | null): void {
    this._destination = destination;
    this._isOpen = this._isAccepted;
    this._lead();
  }

  private get _isAccepted(): boolean {
    return (
      this._destination !== null &&
      this._options.accepts(labelOf(this._destination))
    );
  }

  private _lead(): void {
    const { lead, addressOf } = this._options;
    lead(
      this._isOpen && this._destination ? addressOf(this._destination) : null
    );
  }

  private _destination: Destination | null;
  private _isOpen = false;
}

/** The namespace for Routing statics. */
export namespace Routing {
  /** What a routing is made of. */
  export interface IOptions {
    readonly settings: Pick<SettingsFollower, 'destination' | 'moved'>;
    readonly addressOf: (destination: Destination) => IEndpoint;
    /** Whether anybody has agreed to a destination, or nobody was asked yet. */
    readonly accepts: (destination: string) => boolean;
    /** Sends to another place from now on; null: nowhere, and everything is kept. */
    readonly lead: (endpoint: IEndpoint | null) => void;
  }
}
