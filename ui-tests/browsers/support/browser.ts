/** A tab of a browser that is driven from outside, as far as the stories need it. */
export interface ITab {
  /** Go to an address, without waiting for its end. */
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** The browser's own way back. */
  back(): Promise<void>;
  /**
   * Call a function in the page. Function, arguments and result go as text.
   *
   * @throws when the page throws, is left meanwhile, or does not answer in time
   */
  evaluate<A extends unknown[], R>(
    call: (...args: A) => R | Promise<R>,
    ...args: A
  ): Promise<R>;
  /** Press keys, move and click, in W3C's form, which both protocols have. */
  perform(actions: ReadonlyArray<IActions>): Promise<void>;
  /** Bring the tab to the front, as a click on it does. */
  show(): Promise<void>;
  /** Close the tab; its page is told that it is left. */
  close(): Promise<void>;
  /** A PNG of what is seen. */
  picture(): Promise<Buffer>;
}

/** A browser in a window of its own. */
export interface IBrowser {
  /** Which browser it is, and its version. */
  readonly name: string;
  /** Open a tab, in front of all others. */
  open(): Promise<ITab>;
  /** End the browser with all that it has stored. */
  end(): Promise<void>;
}

/** The acts of one device: https://www.w3.org/TR/webdriver2/#actions */
export interface IActions {
  readonly type: 'key' | 'pointer';
  readonly id: string;
  readonly actions: ReadonlyArray<Record<string, unknown>>;
}

/** A command that takes longer hangs, in milliseconds. */
export const COMMAND_MS = 30_000;

/** @returns the work's result, or fails with its name */
export async function inTime<T>(
  name: string,
  work: Promise<T>,
  ms = COMMAND_MS
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${name}: no answer in ${ms / 1000} s`)),
      ms
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** @returns the source of an expression that calls the function and gives its result as JSON */
export function source(
  call: (...args: never[]) => unknown,
  args: ReadonlyArray<unknown>
): string {
  const given = args.map(arg => JSON.stringify(arg)).join(', ');
  return `Promise.resolve((${call.toString()})(${given})).then(value => JSON.stringify(value) ?? 'null')`;
}
