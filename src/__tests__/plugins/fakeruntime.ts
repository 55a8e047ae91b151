import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { DeliveryLog } from '../../capture/log';
import type { IUndelivered } from '../../delivery/outbox/outboxes';
import type { IStudent } from '../../events/student';
import type { Runtime } from '../../runtime/runtime';
import type { KeptAt } from '../../ui/model';
import type {
  IErasure,
  IMyRecords,
  IPauseState,
  IRights,
  ITrouble,
  PauseKind,
  PausePolicy
} from '../../ui/rights';
import type { IDeliveryHealth } from '../../delivery/health';
import { HEALTHY } from '../deliverystage';

/** The rights of a student, as widgets see them. */
export class FakeRights implements IRights {
  readonly pause = {
    policy: 'allowed' as PausePolicy,
    state: null as IPauseState | null,
    changed: new Signal<object, void>({}),
    begin: jest.fn((kind: PauseKind) => {
      const until = kind === 'open' ? null : Date.UTC(2026, 2, 1, 10, 15);
      this.pause.state = { kind, until };
      this.pause.changed.emit();
    }),
    end: jest.fn(() => {
      this.pause.state = null;
      this.pause.changed.emit();
    })
  };
  code: string | null = '7K3Q-M0ZD-9RXV-2HTE';
  unfinished: IErasure | null = null;
  turn = 0;
  readonly see = jest.fn((): Promise<IMyRecords> =>
    Promise.resolve({
      records: [],
      visits: [],
      troubles: [],
      hasMore: false
    })
  );
  readonly join = jest.fn((): Promise<'no code' | ITrouble | null> =>
    Promise.resolve(null)
  );
  readonly forget = jest.fn((): Promise<IErasure> =>
    Promise.reject(new Error('not said'))
  );
}

/** What the plugins and widgets look at of a runtime. */
export class FakeRuntime {
  readonly log = new DeliveryLog();
  readonly delivery = {
    log: this.log,
    health: HEALTHY,
    healthChanged: new Signal<object, void>({}),
    sendNow: jest.fn(() => Promise.resolve()),
    undelivered: jest.fn((): Promise<IUndelivered> =>
      Promise.resolve({ waiting: [], setAside: [] })
    )
  };
  readonly identity = {
    student: null as IStudent | null,
    /** Under a pseudonym the name that stays in the browser. */
    ownName: null as string | null,
    get shown(): IStudent | null {
      return (
        this.student && {
          ...this.student,
          name: this.ownName ?? this.student.name
        }
      );
    },
    changed: new Signal<object, void>({}),
    ask: jest.fn().mockResolvedValue(undefined)
  };
  readonly rights = new FakeRights();
  readonly attachments = {
    size: 1,
    changed: new Signal<object, void>({}),
    of: (panel: unknown): unknown => this.tracked.has(panel) || undefined
  };
  /** The notebooks that are tracked; the one in front is, to begin with. */
  readonly front = {};
  readonly tracked = new Set<unknown>([this.front]);
  readonly isShared = false;
  readonly notebooks = {
    currentWidget: this.front as NotebookPanel | null,
    currentChanged: new Signal<object, void>({})
  };

  studentOf(panel: unknown): IStudent | null {
    return this.canRecord && this.tracked.has(panel)
      ? this.identity.shown
      : null;
  }

  /** Put a notebook in front. */
  turnTo(panel: object | null): void {
    this.notebooks.currentWidget = panel as NotebookPanel | null;
    this.notebooks.currentChanged.emit();
  }

  get asTracker(): INotebookTracker {
    return this.notebooks as unknown as INotebookTracker;
  }

  readonly whereabouts = {
    changed: new Signal<object, void>({}),
    words: 'Your records stay on this Jupyter server.',
    keptAt: null as KeptAt,
    isDirect: false,
    isClass: false,
    isOfHub: false,
    get isSentAway(): boolean {
      return this.keptAt === null && !this.isClass;
    }
  };
  canRecord = true;

  readonly loadUI = (): Promise<unknown> => import('../../ui');

  get asRuntime(): Runtime {
    return this as unknown as Runtime;
  }

  sign(student: IStudent | null): void {
    this.identity.student = student;
    this.identity.changed.emit();
  }

  /** Events go to another place from now on. */
  moveTo(keptAt: KeptAt): void {
    this.whereabouts.keptAt = keptAt;
    this.whereabouts.changed.emit();
  }

  /** From now on the delivery fares like this. */
  fare(health: Partial<IDeliveryHealth>): void {
    this.delivery.health = { ...HEALTHY, ...health };
    this.delivery.healthChanged.emit();
  }
}
