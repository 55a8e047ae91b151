/** The twelve bits that number the UUIDs of one millisecond. */
const MAX_COUNTER = 0xfff;

const pool = new Uint16Array(256);
let left = 0;
let time = 0;
let counter = 0;

/**
 * A time-ordered UUID (version 7, RFC 9562, method 1): as text, those of one
 * page sort in the order they were made, also when the clock is set back, so
 * that an event's key says which one is older.
 */
export function uuid7(): string {
  const now = Date.now();
  if (now > time) {
    time = now;
    counter = 0;
  } else if (counter < MAX_COUNTER) {
    counter++;
  } else {
    time++;
    counter = 0;
  }
  const milliseconds = hex(time, 12);
  // The variant, 10 in binary, in its first two bits.
  const variant = hex((random() & 0x3fff) | 0x8000, 4);
  const node = hex(random(), 4) + hex(random(), 4) + hex(random(), 4);
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${hex(counter, 3)}-${variant}-${node}`;
}

/** @returns sixteen random bits; the browser is asked for many at once, which takes it no longer than for a few */
function random(): number {
  if (left === 0) {
    crypto.getRandomValues(pool);
    left = pool.length;
  }
  return pool[--left];
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
