/** The part of `ws` that a test uses; its types are a package of their own. */
declare module 'ws' {
  import { EventEmitter } from 'node:events';

  export default class WebSocket extends EventEmitter {
    constructor(address: string);
    send(text: string): void;
    terminate(): void;
  }
}
