/** Whether JSON can say a value as it is: no number but finite ones, no object of a class. */
export function isJSON(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return (
        value === null ||
        (Array.isArray(value)
          ? // A hole in a list is no value.
            Array.from<unknown>(value).every(isJSON)
          : isPlain(value) && Object.values(value).every(isJSON))
      );
    default:
      return false;
  }
}

/** An object of another window is as plain as one of this window. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    Object.prototype.hasOwnProperty.call(prototype, 'isPrototypeOf')
  );
}
