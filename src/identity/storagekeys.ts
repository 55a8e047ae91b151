/**
 * List the keys of a browser's storage that begin alike.
 *
 * @param storage - null where the storage is forbidden, which may also show here:
 * there are no keys then
 */
export function keysOf(storage: Storage | null, prefix: string): string[] {
  try {
    return Object.keys(storage ?? {}).filter(key => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** Remove all that is stored under keys that begin alike. */
export function removeAll(storage: Storage | null, prefix: string): void {
  for (const key of keysOf(storage, prefix)) {
    try {
      storage?.removeItem(key);
    } catch (reason) {
      console.warn('ipynb-telemetry: something could not be forgotten', reason);
    }
  }
}
