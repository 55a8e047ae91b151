import { createHash } from 'node:crypto';
import type { IToldValue } from '../../events/toldvalues';
import { toldValues } from '../../events/toldvalues';

/** The description of a value that a kernel tells, with the salt of this page; as `_describe` of `toldvalues.py`. */
export function told(value: string, { salt } = toldValues): IToldValue {
  const base = BigInt(parseInt(salt.slice(0, 8), 16) | 1);
  let rolled = 0n;
  for (const unit of value.slice(-8).split('')) {
    rolled = word(rolled * base + BigInt(unit.charCodeAt(0)));
  }
  return {
    length: value.length,
    filter: Number(word((rolled ^ (rolled >> 16n)) * 0x9e3779b1n) >> 16n),
    digest: createHash('sha256')
      .update(Buffer.from(salt, 'hex'))
      .update(Buffer.from(value, 'utf16le'))
      .digest('hex')
  };
}

function word(number: bigint): bigint {
  return BigInt.asUintN(32, number);
}
