/**
 * The browser's back/forward cache, in which a page that was left lies frozen
 * until the student comes back.
 *
 * WebKit never ends what a frozen page has begun: an open transaction blocks the
 * database for every page that follows. So nothing is begun between `pagehide`
 * and `pageshow`, and what can be given up is given up.
 */
export class PageCache {
  /** The cache as this page, or this program, meets it. */
  static get ofThisPage(): PageCache {
    return (PageCache._ofThisPage ??= new PageCache());
  }

  private constructor() {
    // Before all other listeners: those may begin something. Node has no events.
    globalThis.addEventListener?.('pagehide', this, true);
    globalThis.addEventListener?.('pageshow', this, true);
  }

  /** Whether the page lies in the cache, or is on its way there. */
  get isAway(): boolean {
    return this._comeBack !== null;
  }

  /** Settles when the page is not in the cache: at once, as a rule. */
  async isBack(): Promise<void> {
    while (this.isAway) {
      await this._back;
    }
  }

  /**
   * Call back each time the page goes into the cache.
   *
   * @returns what ends that
   */
  onLeave(called: () => void): () => void {
    this._called.add(called);
    return () => this._called.delete(called);
  }

  handleEvent({ type, persisted }: PageTransitionEvent): void {
    if (type === 'pageshow') {
      this._comeBack?.();
      this._comeBack = null;
    } else if (persisted && !this.isAway) {
      this._back = new Promise(resolve => {
        this._comeBack = resolve;
      });
      this._called.forEach(called => called());
    }
  }

  private static _ofThisPage: PageCache | null = null;
  private readonly _called = new Set<() => void>();
  private _back = Promise.resolve();
  private _comeBack: (() => void) | null = null;
}
