// What is published as ipynb-telemetry/lib/delivery. It runs in any page and
// in Node, which is why these files name each other with their suffix.
export type { IClock } from './clock.js';
export { DeliveryClient } from './client.js';
export type { IDeliveryObserver, IUndelivered, NewEvent } from './client.js';
export type { IDeliveryHealth, IRefusal } from './health.js';
export { IndexedDBOutbox } from './indexeddb.js';
export { MemoryOutbox } from './outbox.js';
export type { IOutbox, IOutboxCounts, ISetAside } from './outbox.js';
export type { IRelayHealth } from './relay.js';
export type { ILimits } from './retention.js';
export { BrowserTabs } from './browsertabs.js';
export { LocalStorageSpool } from './spool.js';
export type { ISpool } from './spool.js';
export type { ITabs } from './tabs.js';
export type { IDestination } from './transport.js';
export type { IRow, IWireEvent } from './wire.js';
