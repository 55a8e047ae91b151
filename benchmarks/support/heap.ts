import type { CDPSession } from '@playwright/test';

/** What a page keeps, in megabytes. */
export interface IKept {
  /** Objects, texts and numbers: what the page's scripts hold on to. */
  readonly objects: number;
  /** The same with compiled code, which grows until all that runs often is compiled. */
  readonly heap: number;
}

/** The part of a heap snapshot that is read (V8, `heap-snapshot-generator`). */
interface ISnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: string[];
      readonly node_types: [string[], ...unknown[]];
    };
  };
  readonly nodes: number[];
}

/**
 * What kinds of nodes are not the page's: code, and what the browser keeps beside scripts. That is
 * also each request while a debugger looks on, as one does here.
 */
const NOT_OURS = new Set(['code', 'native', 'hidden', 'synthetic']);

/** What a page keeps once all that nobody holds is collected. */
export async function keptBy(client: CDPSession): Promise<IKept> {
  for (let nth = 0; nth < 4; nth++) {
    await client.send('HeapProfiler.collectGarbage');
  }
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  const chunks: string[] = [];
  const keep = ({ chunk }: { chunk: string }): void => {
    chunks.push(chunk);
  };
  client.on('HeapProfiler.addHeapSnapshotChunk', keep);
  await client.send('HeapProfiler.takeHeapSnapshot', {
    reportProgress: false
  });
  client.off('HeapProfiler.addHeapSnapshotChunk', keep);
  const { snapshot, nodes } = JSON.parse(chunks.join('')) as ISnapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = ['type', 'self_size'].map(it => fields.indexOf(it));
  let bytes = 0;
  for (let node = 0; node < nodes.length; node += fields.length) {
    if (!NOT_OURS.has(types[0][nodes[node + type]])) {
      bytes += nodes[node + size];
    }
  }
  return { objects: bytes / 1_000_000, heap: usedSize / 1_000_000 };
}
