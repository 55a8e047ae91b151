import type { IDisposable } from '@lumino/disposable';
import type { Properties } from '../../events/catalog';

/** A flood is over when nothing was lost for so long, in milliseconds. */
const CALM_MS = 1_000;

/** Events of a kernel that do not become events here, and why. */
export type KernelLoss = Exclude<
  Properties<'events_dropped'>['reason'],
  'storage'
>;

/**
 * Counts what is lost of a kernel's events, and tells of a whole flood at once,
 * when it has been calm for a moment. A loss is an event too, or nobody could
 * tell it from no work.
 */
export class KernelLosses implements IDisposable {
  /** @param _tell - of so many events that are lost */
  constructor(
    private readonly _tell: (count: number, reason: KernelLoss) => void
  ) {}

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Count an event that is lost. */
  add(reason: KernelLoss): void {
    this._counts.set(reason, (this._counts.get(reason) ?? 0) + 1);
    window.clearTimeout(this._calm);
    this._calm = window.setTimeout(() => this._tellAll(), CALM_MS);
  }

  /** Tell of what was not told yet. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._tellAll();
    }
  }

  private _tellAll(): void {
    window.clearTimeout(this._calm);
    const counts = [...this._counts];
    this._counts.clear();
    counts.forEach(([reason, count]) => this._tell(count, reason));
  }

  private readonly _counts = new Map<KernelLoss, number>();
  private _calm = 0;
  private _isDisposed = false;
}
