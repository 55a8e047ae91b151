import type posthog from 'posthog-js/dist/module.slim';
import packed from 'posthog-js/dist/module.slim.js?packed';

/**
 * posthog-js, as a file of a third of its size: Jupyter Server compresses
 * nothing on its way, so the build packs it and the browser unpacks it, both
 * by gzip. The library is the largest part of all that a page loads for us.
 */
export async function loadPostHog(): Promise<typeof posthog> {
  try {
    return await unpack(packed);
  } catch {
    // The page's security policy may forbid a script that comes as a blob.
    return (
      await import(
        /* webpackChunkName: "unpacked" */ 'posthog-js/dist/module.slim'
      )
    ).default;
  }
}

async function unpack(url: string): Promise<typeof posthog> {
  const answer = await fetch(url);
  if (!answer.ok || !answer.body) {
    throw new Error(`${answer.status} ${answer.statusText}`);
  }
  const script = await new Response(
    answer.body.pipeThrough(new DecompressionStream('gzip'))
  ).arrayBuffer();
  const blob = new Blob([script], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  try {
    const module = (await import(/* webpackIgnore: true */ address)) as {
      default: typeof posthog;
    };
    return module.default;
  } finally {
    URL.revokeObjectURL(address);
  }
}
