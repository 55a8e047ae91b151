import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelSpec } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { isIPython } from './ipython';
import { loadInstallCode } from './kernelcode';
import type { KernelRestarts } from './kernelrestarts';

/**
 * The IPython kernels that a document gets, one after another: tells of each that
 * is to have the kernel side, also of one that has lost it with a restart.
 */
export class KernelArrivals implements IDisposable {
  constructor(private readonly _options: KernelArrivals.IOptions) {
    const { restarts, sessionContext } = _options;
    restarts.lost.connect(this._onLost, this);
    restarts.back.connect(this._onBack, this);
    sessionContext.kernelChanged.connect(this._onKernelChanged, this);
    sessionContext.statusChanged.connect(this._onStatusChanged, this);
    // Got while the kernel starts.
    Promise.all([loadInstallCode(), sessionContext.specsManager.ready])
      .then(([installCode]) => {
        this._installCode = installCode;
        this._connect();
        _options.settled();
      })
      .catch(reason => {
        console.warn('ipynb-telemetry: no kernel side', reason);
        _options.settled();
      });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The kernel that is there did not take the code. */
  again(): void {
    this._connect();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onKernelChanged(
    _: unknown,
    { oldValue, newValue }: { oldValue?: unknown; newValue?: unknown }
  ): void {
    if (oldValue === newValue && this._options.isOpen()) {
      // The end of a restart, from which the status has already led here.
      return;
    }
    this._question = null;
    this._options.gone();
    this._connect();
  }

  private _onStatusChanged(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this._onLost();
    } else {
      this._onBack();
    }
  }

  private _onLost(): void {
    this._question = null;
    this._loaded = false;
    // The other end goes with the process.
    this._options.lost();
  }

  private _onBack(): void {
    // A process that is about to end would take the code with it.
    if (!this._loaded && !this._options.restarts.isEnding) {
      this._connect();
    }
  }

  /**
   * Load in the same turn as the kernel is there: the run that a
   * student started it with comes right after.
   */
  private _connect(): void {
    const { isCalled, sessionContext } = this._options;
    const kernel = sessionContext.session?.kernel;
    if (this._isDisposed || !kernel || kernel.isDisposed) {
      return;
    }
    if (this._installCode === null || kernel.status === 'dead') {
      return;
    }
    this._loaded = true;
    const code = this._installCode;
    const spec = sessionContext.specsManager.specs?.kernelspecs[kernel.name];
    const answer =
      isCalled || this._known.has(kernel.name) || isIPython(kernel, spec);
    this._question = answer;
    if (answer === true) {
      this._options.arrived(kernel, code, spec);
      return;
    }
    answer
      .then(isRight => {
        if (isRight && this._question === answer && !this._isDisposed) {
          this._known.add(kernel.name);
          this._options.arrived(kernel, code, spec);
        }
      })
      // The kernel went away first.
      .catch(() => undefined);
  }

  /** The names of kernels that have answered that they are IPython. */
  private readonly _known = new Set<string>();
  /** The answer of the kernel of the moment. */
  private _question: true | Promise<boolean> | null = null;
  private _installCode: string | null = null;
  private _loaded = false;
  private _isDisposed = false;
}

/** The namespace for KernelArrivals statics. */
export namespace KernelArrivals {
  /** What arrivals are read from, and who is told of them. */
  export interface IOptions {
    readonly sessionContext: ISessionContext;
    readonly restarts: KernelRestarts;
    /** Whether the kernel asked for it, and so is one that need not be asked. */
    readonly isCalled: boolean;
    /** Whether the talk with the kernel of the moment goes on. */
    readonly isOpen: () => boolean;
    /** A kernel is there: load this code. */
    readonly arrived: (
      kernel: Kernel.IKernelConnection,
      code: string,
      spec: KernelSpec.ISpecModel | undefined
    ) => void;
    /** The kernel's process has ended, and the talk with it. */
    readonly lost: () => void;
    /** The document has another kernel, or none. */
    readonly gone: () => void;
    /** The kernel that is there has the code, or never will. */
    readonly settled: () => void;
  }
}
