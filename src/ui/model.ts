import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ISignal } from '@lumino/signaling';
import type { ILogEntry } from '../capture/log';
import type { IUndelivered } from '../delivery/outbox/outboxes';
import type { IDeliveryHealth } from '../delivery/health';
import type { IStudent } from '../events/student';
import type { IRights } from './rights';

/**
 * Where events end that are sent no further: in this browser, where there is
 * no server; else on the Jupyter server, be it of this computer or another one.
 */
export type KeptAt = 'browser' | 'computer' | 'server' | null;

/** All that panel, status item and commands know of telemetry. */
export interface ITelemetryModel {
  /** Whether the settings could be read: without them nothing is recorded. */
  readonly canRecord: boolean;
  /** Where events go at the moment. */
  readonly whereabouts: ITelemetryModel.IWhereabouts;
  /** Whether students share this computer: nobody is shown what another one may have done. */
  readonly isShared: boolean;
  /** Whose work in a notebook is recorded, as this page shows them, or null when nobody's is. */
  studentOf(panel: NotebookPanel): IStudent | null;
  /** What students may ask and say about themselves. */
  readonly rights: IRights;
  readonly identity: ITelemetryModel.IIdentity;
  readonly attachments: ITelemetryModel.IAttachments;
  readonly delivery: ITelemetryModel.IDelivery;
}

/** The namespace for ITelemetryModel's parts. */
export namespace ITelemetryModel {
  /** Where events go at the moment. */
  export interface IWhereabouts {
    readonly keptAt: KeptAt;
    /** Whether the browser sends itself what the Jupyter server could send. */
    readonly isDirect: boolean;
    /** Whether events go to a class collector, and to no PostHog. */
    readonly isClass: boolean;
    /** Whether that collector is one that a JupyterHub gives its servers. */
    readonly isOfHub: boolean;
    /** Whether events go to a PostHog, where no page can ask for them. */
    readonly isSentAway: boolean;
    /** Where events go, in words for the student. */
    readonly words: string;
    /** Emitted when events go to another place from now on. */
    readonly changed: ISignal<unknown, void>;
  }

  /** Who is at work. */
  export interface IIdentity {
    /** The student, or null while nobody has given a name. */
    readonly student: IStudent | null;
    /** The student as this page shows them; that name may be one that must not leave it. */
    readonly shown: IStudent | null;
    readonly changed: ISignal<unknown, void>;
    /** Ask for a name. */
    ask(): Promise<void>;
  }

  /** The notebooks that are tracked and open. */
  export interface IAttachments {
    readonly size: number;
    /** Whether a notebook is one of them. */
    of(panel: NotebookPanel): unknown;
    readonly changed: ISignal<unknown, void>;
  }

  /** Where the events of this page are, and how their delivery fares. */
  export interface IDelivery {
    readonly health: IDeliveryHealth;
    readonly healthChanged: ISignal<unknown, void>;
    readonly log: ILog;
    /** Try again now, also what was refused. */
    sendNow(): Promise<void>;
    /** What is not delivered, of all pages and earlier visits. */
    undelivered(): Promise<IUndelivered>;
  }

  /** The events of this page that are kept for showing. */
  export interface ILog {
    /** Oldest first. */
    readonly entries: Iterable<ILogEntry>;
    readonly changed: ISignal<unknown, void>;
    /** Whether a student had more events than are kept for showing. */
    hasForgotten(studentId: string | undefined): boolean;
  }
}
