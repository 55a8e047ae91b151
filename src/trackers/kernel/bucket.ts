/** Holds a burst and refills steadily. */
export class Bucket {
  constructor(private readonly _rate: { burst: number; perSecond: number }) {
    this._tokens = _rate.burst;
  }

  mayPass(): boolean {
    const now = performance.now();
    const refill = ((now - this._filledAt) / 1000) * this._rate.perSecond;
    this._tokens = Math.min(this._rate.burst, this._tokens + refill);
    this._filledAt = now;
    if (this._tokens < 1) {
      return false;
    }
    this._tokens--;
    return true;
  }

  private _tokens: number;
  private _filledAt = performance.now();
}
