import type { Request } from '@playwright/test';
import { gunzipSync } from 'node:zlib';

/** The body of a request as text, unpacked where the page has packed it. */
export function bodyOf(request: Request): string {
  const body = request.postDataBuffer() ?? Buffer.alloc(0);
  const isPacked = body[0] === 0x1f && body[1] === 0x8b;
  return (isPacked ? gunzipSync(body) : body).toString();
}
