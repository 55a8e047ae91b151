import type { Departure } from './departure.js';
import type { HealthMonitor } from './health.js';
import type { Outcomes } from './outcomes.js';
import type { TabMessage } from './pages/tabs.js';
import type { Dispatchers } from './sending/dispatchers.js';
import type { RelayWatch } from './sending/relay.js';

/** Passes what other pages say on to those whom it concerns. */
export class Hearing {
  constructor(private readonly _options: Hearing.IOptions) {}

  hear(message: TabMessage): void {
    const { departure, dispatchers, monitor, moved, outcomes, watch } =
      this._options;
    switch (message.kind) {
      case 'added':
        dispatchers.notify(true);
        monitor.refresh();
        break;
      case 'send_now':
        dispatchers.wake();
        watch.refresh();
        monitor.refresh();
        break;
      case 'left':
        departure.hear(message.rows);
        break;
      case 'moved':
        moved();
        break;
      case 'relay':
        watch.hear(message.answer);
        break;
      case 'front':
      case 'hidden':
        // These messages concern the tabs themselves only.
        break;
      default:
        outcomes.hear(message);
    }
  }
}

/** The namespace for Hearing statics. */
export namespace Hearing {
  /** The parts that messages concern. */
  export interface IOptions {
    readonly departure: Pick<Departure, 'hear'>;
    readonly dispatchers: Pick<Dispatchers, 'notify' | 'wake'>;
    readonly monitor: Pick<HealthMonitor, 'refresh'>;
    readonly outcomes: Pick<Outcomes, 'hear'>;
    readonly watch: Pick<RelayWatch, 'hear' | 'refresh'>;
    /** Another page sends to another place. */
    readonly moved: () => void;
  }
}
