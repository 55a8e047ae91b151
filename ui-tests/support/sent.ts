import type { Page } from '@playwright/test';
import { bodyOf } from './requestbody';

/** All that the page sends, but for what it asks of the roster: requests and messages to kernels. */
export async function sentBy(page: Page): Promise<string[]> {
  const sent: string[] = [];
  page.on('request', request => {
    if (!request.url().includes('/ipynb-telemetry/roster/find')) {
      sent.push(
        `${request.url()} ${JSON.stringify(request.headers())} ${bodyOf(request)}`
      );
    }
  });
  page.on('websocket', socket => {
    socket.on('framesent', ({ payload }) =>
      sent.push(payload.toString().replace(PACKED, ''))
    );
  });
  // Chromium shows nobody the body of a request that is a Blob, as those that are packed.
  await page.exposeFunction('noteSent', (text: string) => sent.push(text));
  await page.addInitScript(() => {
    const { noteSent } = window as unknown as {
      noteSent: (text: string) => Promise<void>;
    };
    const send = window.fetch;
    window.fetch = async (input, init) => {
      if (init?.body instanceof Blob) {
        const unpacked = init.body
          .stream()
          .pipeThrough(new DecompressionStream('gzip'));
        await noteSent(await new Response(unpacked).text());
      }
      return send(input, init);
    };
  });
  return sent;
}

/** The code that a kernel is given, compressed: it has any short word somewhere. */
const PACKED = /[A-Za-z0-9+/]{10000,}/g;
