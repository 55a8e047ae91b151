import type { Page } from '@playwright/test';

/** What our code listens to in a page. */
export interface IListening {
  /** Of the DOM: whose, and which. */
  events: string[];
  /** The lines in which signals were connected. */
  signals: string[];
}

declare global {
  interface Window {
    /** Put there by `watchListening`. */
    readListening(): IListening;
  }
}

/**
 * Have a page keep account of what the extension listens to, from its start
 * on. What others add is theirs: the caller decides, by the file it is in.
 */
export async function watchListening(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const OURS = /\/ipynb-telemetry\/static\//;
    /** The line of the stack in which our code called, or null when it was not ours. */
    const caller = (): string | null => {
      // The error's name, this function, the one that asks, and who called that.
      const line = new Error().stack?.split('\n')[3] ?? '';
      return OURS.test(line) ? line.trim().replace(/\?[^:]*/, '') : null;
    };

    interface IListener {
      target: EventTarget;
      type: string;
      listener: unknown;
      capture: boolean;
    }
    let listeners: IListener[] = [];
    const same = (a: IListener, b: IListener): boolean =>
      a.target === b.target &&
      a.type === b.type &&
      a.listener === b.listener &&
      a.capture === b.capture;
    const isCapture = (options: unknown): boolean =>
      typeof options === 'object'
        ? !!(options as AddEventListenerOptions | null)?.capture
        : !!options;
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (
      this: EventTarget | undefined,
      type,
      listener,
      options
    ) {
      const target = this ?? window;
      const added = { target, type, listener, capture: isCapture(options) };
      // Requests of the database come and go, and their listeners with them.
      const isLasting = !/^IDB/.test(target.constructor.name);
      const isNew = !listeners.some(other => same(other, added));
      if (caller() && isLasting && isNew) {
        listeners.push(added);
      }
      addEventListener.call(target, type, listener, options);
    };
    EventTarget.prototype.removeEventListener = function (
      this: EventTarget | undefined,
      type,
      listener,
      options
    ) {
      const target = this ?? window;
      const gone = { target, type, listener, capture: isCapture(options) };
      listeners = listeners.filter(other => !same(other, gone));
      removeEventListener.call(target, type, listener, options);
    };

    interface IConnection {
      signal: { sender: unknown };
      slot: unknown;
      thisArg: unknown;
      where: string;
    }
    let connections: IConnection[] = [];
    type Connect = (
      this: IConnection['signal'],
      slot: unknown,
      thisArg?: unknown
    ) => boolean;
    interface ISignalClass {
      prototype: { connect: Connect; disconnect: Connect };
      disconnectBetween(sender: unknown, receiver: unknown): void;
      disconnectSender(sender: unknown): void;
      disconnectReceiver(receiver: unknown): void;
      disconnectAll(object: unknown): void;
      clearData(object: unknown): void;
    }
    const receiver = ({ thisArg, slot }: IConnection): unknown =>
      thisArg ?? slot;
    const follow = (signals: ISignalClass): void => {
      const { connect, disconnect } = signals.prototype;
      signals.prototype.connect = function (slot, thisArg) {
        const where = caller();
        const isNew = connect.call(this, slot, thisArg);
        if (where && isNew) {
          connections.push({ signal: this, slot, thisArg, where });
        }
        return isNew;
      };
      signals.prototype.disconnect = function (slot, thisArg) {
        connections = connections.filter(
          other =>
            other.signal !== this ||
            other.slot !== slot ||
            other.thisArg !== thisArg
        );
        return disconnect.call(this, slot, thisArg);
      };
      const { disconnectBetween } = signals;
      signals.disconnectBetween = (sender, target) => {
        connections = connections.filter(
          other => other.signal.sender !== sender || receiver(other) !== target
        );
        disconnectBetween(sender, target);
      };
      const ends = {
        disconnectSender: (c: IConnection, object: unknown) =>
          c.signal.sender === object,
        disconnectReceiver: (c: IConnection, object: unknown) =>
          receiver(c) === object,
        disconnectAll: (c: IConnection, object: unknown) =>
          c.signal.sender === object || receiver(c) === object,
        clearData: (c: IConnection, object: unknown) =>
          c.signal.sender === object || receiver(c) === object
      };
      for (const [name, isEnded] of Object.entries(ends)) {
        const method = name as keyof typeof ends;
        const original = signals[method];
        signals[method] = object => {
          connections = connections.filter(other => !isEnded(other, object));
          original(object);
        };
      }
    };
    // The application has its signals before our plugins are activated.
    let exposed: { shell: { currentChanged: object } } | undefined;
    Object.defineProperty(window, 'jupyterapp', {
      configurable: true,
      get: () => exposed,
      set: (app: typeof exposed) => {
        exposed = app;
        const { constructor } = app!.shell.currentChanged;
        follow(constructor as unknown as ISignalClass);
      }
    });

    const nameOf = (target: EventTarget): string =>
      target === window
        ? 'window'
        : target === document
          ? 'document'
          : target instanceof Element
            ? target.localName
            : target.constructor.name;
    window.readListening = () => ({
      events: listeners
        .map(({ target, type }) => `${nameOf(target)} ${type}`)
        .sort(),
      signals: connections.map(({ where }) => where).sort()
    });
  });
}

/** What our code listens to at this moment. */
export function listening(page: Page): Promise<IListening> {
  return page.evaluate(() => window.readListening());
}
