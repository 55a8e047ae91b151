/** The twelve bits that number the UUIDs of one millisecond. */
const MAX_COUNTER = 0xfff;

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
  const random = crypto.getRandomValues(new Uint16Array(4));
  // The variant, 10 in binary, in its first two bits.
  random[0] = (random[0] & 0x3fff) | 0x8000;
  const milliseconds = hex(time, 12);
  const [variant, ...node] = Array.from(random, part => hex(part, 4));
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${hex(counter, 3)}-${variant}-${node.join('')}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
