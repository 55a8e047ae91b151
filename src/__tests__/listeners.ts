/** The listeners on DOM nodes, the window and the document that were not removed. */
export class ListenerCount {
  constructor() {
    // Jest puts methods of its own on the window.
    for (const owner of [EventTarget.prototype, window]) {
      this._watch(owner, 'addEventListener', (...args) => {
        this._listeners.push(args);
      });
      this._watch(owner, 'removeEventListener', (...args) => {
        const place = this._listeners.findIndex(listener =>
          listener.every((part, index) => part === args[index])
        );
        if (place !== -1) {
          this._listeners.splice(place, 1);
        }
      });
    }
  }

  /** Types of events still listened to. */
  get left(): string[] {
    return this._listeners.map(([type]) => type).sort();
  }

  restore(): void {
    this._spies.forEach(spy => spy.mockRestore());
  }

  private _watch(
    owner: EventTarget,
    name: 'addEventListener' | 'removeEventListener',
    note: (...args: Listener) => void
  ): void {
    const original = owner[name];
    const spy = jest.spyOn(owner, name);
    spy.mockImplementation(function (
      this: EventTarget,
      type: string,
      listener: EventListenerOrEventListenerObject | null,
      options?: boolean | AddEventListenerOptions
    ) {
      const capture = typeof options === 'object' ? options.capture : options;
      note(type, this ?? window, listener, capture ?? false);
      original.call(this ?? window, type, listener, options);
    });
    this._spies.push(spy);
  }

  private readonly _listeners: Listener[] = [];
  private readonly _spies: jest.SpyInstance[] = [];
}

type Listener = [
  type: string,
  target: EventTarget,
  listener: unknown,
  capture: boolean
];
