// The library that is published as ipynb-telemetry/lib/delivery. The library runs
// in any page and in Node, which is why its files name each other with their suffix.
export type { IClock } from './clock.js';
export { DeliveryClient } from './client.js';
export type { IDeliveryHealth } from './health.js';
export type { ILibrary, NewEvent } from './newevent.js';
export type { IDeliveryObserver } from './outcomes.js';
export { IndexedDBOutbox } from './outbox/indexeddb.js';
export { MemoryOutbox } from './outbox/outbox.js';
export type {
  IOutbox,
  IOutboxCounts,
  IRefusal,
  ISetAside
} from './outbox/outbox.js';
export type { IUndelivered } from './outbox/outboxes.js';
export type { IRelayHealth } from './sending/relay.js';
export type { ILimits } from './outbox/retention.js';
export { BrowserTabs } from './pages/browsertabs.js';
export { LocalStorageSpool } from './outbox/spool.js';
export type { ISpool } from './outbox/spool.js';
export type { ITabs } from './pages/tabs.js';
export type { IEndpoint } from './sending/transport.js';
/** The name that `IEndpoint` had at first. */
export type { IEndpoint as IDestination } from './sending/transport.js';
export type { IRow, IWireEvent } from './wire.js';
