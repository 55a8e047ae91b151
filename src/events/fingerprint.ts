/**
 * A 64-bit hash of a text, as 16 hexadecimal digits: by hand, since a page that
 * is served without TLS has no `crypto.subtle`. Line ends do not count, editors
 * and clipboards change them. `cellids.py` computes the same.
 */
export function fingerprint(text: string): string {
  const plain = text.replace(/\r\n?/g, '\n');
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < plain.length; i++) {
    const code = plain.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  // Mixed once more: a text's last letters have hardly met the first digits yet.
  high = mix(high) ^ low;
  low = mix(low) ^ high;
  return hex(high) + hex(low);
}

function mix(half: number): number {
  const mixed = Math.imul(half ^ (half >>> 16), 2246822507);
  return Math.imul(mixed ^ (mixed >>> 13), 3266489909);
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, '0');
}
