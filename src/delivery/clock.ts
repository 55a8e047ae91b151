/** Time, as the delivery sees it; tests and programs bring their own. */
export interface IClock {
  /** Milliseconds since 1970, in UTC. */
  now(): number;

  /**
   * Do something later.
   *
   * @param ms - how much later, in milliseconds
   * @returns takes it back
   */
  after(ms: number, work: () => void): () => void;
}

export const systemClock: IClock = {
  now: () => Date.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  }
};
