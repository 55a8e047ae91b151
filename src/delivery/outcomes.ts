import type { HealthMonitor } from './health.js';
import { isAnswer } from './health.js';
import type { Leaving } from './outbox/leaving.js';
import type { ITabs, Outcome } from './pages/tabs.js';
import type { IDispatcherObserver } from './sending/observer.js';
import type { IRow, IWireEvent } from './wire.js';
import { fromRows } from './wire.js';

/** Told what becomes of events, as it happens. */
export interface IDeliveryObserver {
  /** These events are at the other end. */
  delivered?(uuids: ReadonlyArray<string>): void;
  /** The other end will not take this event, and said why; it is kept apart. */
  setAside?(uuid: string, reason: string): void;
  /** Too many events wait, or were refused: these, the oldest, are given up. */
  dropped?(uuids: ReadonlyArray<string>): void;
  /** The events that are given up, told in one page only: the page that is to report the loss. */
  lost?(events: ReadonlyArray<IWireEvent>): void;
  /** `health` changed. */
  changed?(): void;
  /** Another page was told of another destination: this one sends to the old one. */
  moved?(): void;
}

/** Tells what became of events to everybody who counts, shows or keeps them, once. */
export class Outcomes {
  constructor(private readonly _options: Outcomes.IOptions) {}

  /** Tell this page and the others of an outcome that this page brought about. */
  tell(outcome: Outcome): void {
    this.hear(outcome);
    this._options.tabs.post(outcome);
  }

  /** Tell this page of an outcome, its own or another page's. */
  hear(outcome: Outcome): void {
    const { leaving, monitor, observer, settled } = this._options;
    switch (outcome.kind) {
      case 'delivered':
        leaving.settle(outcome.uuids);
        settled();
        monitor.delivered(outcome.uuids);
        observer.delivered?.(outcome.uuids);
        break;
      case 'set_aside':
        leaving.settle([outcome.uuid]);
        monitor.setAside(outcome.uuid);
        observer.setAside?.(outcome.uuid, outcome.reason);
        break;
      case 'dropped':
        leaving.settle(outcome.uuids);
        monitor.dropped(outcome.uuids);
        observer.dropped?.(outcome.uuids);
        break;
      case 'state':
        monitor.state('disk', outcome.problem, outcome.nextAttempt);
        break;
    }
  }

  /** @returns what a dispatcher of this page tells, where its events are on disk or in memory */
  of(place: 'disk' | 'memory'): IDispatcherObserver {
    const { monitor, tabs } = this._options;
    return {
      sent: result => {
        // A refusal is a sign of life, too, and nothing else.
        if ('reason' in result && isAnswer(result.reason)) {
          monitor.delivered([]);
          tabs.post({ kind: 'delivered', uuids: [] });
        }
      },
      delivered: uuids => this.tell({ kind: 'delivered', uuids }),
      setAside: (uuid, reason) =>
        this.tell({ kind: 'set_aside', uuid, reason }),
      dropped: rows => this._give(rows),
      state: (problem, nextAttempt) => {
        if (place === 'disk') {
          this.tell({ kind: 'state', problem, nextAttempt });
        } else {
          // The state of one page's memory says nothing of the others'.
          monitor.state(place, problem, nextAttempt);
        }
      }
    };
  }

  private _give(rows: ReadonlyArray<IRow>): void {
    this.tell({ kind: 'dropped', uuids: rows.map(({ uuid }) => uuid) });
    this._options.observer.lost?.(fromRows(rows));
  }
}

/** The namespace for Outcomes statics. */
export namespace Outcomes {
  /** Whom to tell. */
  export interface IOptions {
    readonly leaving: Leaving;
    readonly monitor: HealthMonitor;
    readonly observer: IDeliveryObserver;
    readonly tabs: ITabs;
    /** Called when the other end took something. */
    readonly settled: () => void;
  }
}
