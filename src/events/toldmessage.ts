import * as z from 'zod/mini';
import type { IToldValue } from './toldvalues.js';
import { FILTER_BITS, LENGTHS, MAX_TOLD } from './toldvalues.js';

const VALUES = z
  .array(
    z.strictObject({
      length: z
        .number()
        .check(z.int(), z.gte(LENGTHS.least), z.lte(LENGTHS.most)),
      filter: z.number().check(z.int(), z.gte(0), z.lt(2 ** FILTER_BITS)),
      digest: z.string().check(z.regex(/^[0-9a-f]{64}$/))
    })
  )
  .check(z.maxLength(MAX_TOLD));

/** @returns what a kernel tells of values, or null where it is malformed: code in the kernel can send anything */
export function readToldValues(told: unknown): IToldValue[] | null {
  return z.safeParse(VALUES, told).data ?? null;
}
