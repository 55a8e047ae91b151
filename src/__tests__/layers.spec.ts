/** @jest-environment node */
import { posix } from 'node:path';
import type { IImport } from './importgraph';
import { FILES, IMPORTS, importsOf } from './importgraph';

/**
 * The layers from top to bottom, and the rooms of each. A file imports from its
 * own room and from lower layers. A folder's room has all of its files that are
 * in no narrower room.
 */
const LAYERS = [
  'index',
  'plugins/',
  'classview/lab/ classview/page/',
  'classview/view',
  'classview/frame',
  'classview/views/',
  'classview/charts/',
  'classview/parts/',
  'classview/grid/',
  'classview/model/',
  'classview/trans classview/host',
  'classview/answers/ classview/style',
  'tokens',
  'runtime/',
  'ui/ notebook/ identity/',
  'dialogs/',
  'capture/ trackers/',
  'delivery/index',
  'delivery/client',
  'delivery/',
  'delivery/sending/ delivery/pages/',
  'delivery/outbox/',
  'delivery/wire delivery/clock delivery/pagecache',
  'events/',
  'commands icon direction declarations'
].map(line => line.split(' '));

/** The files that every page loads, with a flagged notebook or without: the entry chunk. */
const THIN =
  /^(index|tokens|commands|icon|plugins\/.*|runtime\/(schemawords|settingskind|writtensettings)|notebook\/(flag|kernel\/(setupcall|protocol)))$/;

const TRACKERS = IMPORTS.filter(
  ({ from, kind }) => from === 'trackers/index' && kind === 'value'
).map(({ to }) => to);

describe('the imports of src/', () => {
  it('know a layer for every file', () => {
    expect(FILES.filter(file => !roomOf(file))).toEqual([]);
  });

  it.each([
    ["import { Token } from '../tokens';", 'value'],
    ["import { type Token } from '../tokens';", 'value'],
    ["import type { Token } from '../tokens';", 'type'],
    ["import '../tokens';", 'value'],
    ["import tokens = require('../tokens');", 'value'],
    ["import type tokens = require('../tokens');", 'type'],
    ["export * from '../tokens';", 'value'],
    ["export * as tokens from '../tokens';", 'value'],
    ["export type { Token } from '../tokens';", 'type'],
    ["let tokens: typeof import('../tokens');", 'type'],
    ["declare module '../tokens' {}", 'type'],
    ["void import('../tokens');", 'lazy']
  ])('are seen in the words %s', (source, kind) => {
    expect(importsOf('events/uuid.ts', source)).toEqual([
      { from: 'events/uuid', to: 'tokens', specifier: '../tokens', kind }
    ]);
  });

  it('lead to a file of src/, out of it, or to a package that is not our own', () => {
    refuse(
      ({ from, to, specifier }) =>
        /^ipynb-telemetry(\/|$)/.test(specifier) ||
        (to.startsWith('.') &&
          !posix.join(posix.dirname(from), to).startsWith('../'))
    );
  });

  it('run down the layers, those of types too', () => {
    refuse(
      ({ from, to }) =>
        FILES.includes(to) &&
        roomOf(from) !== roomOf(to) &&
        layerOf(from) >= layerOf(to)
    );
  });

  it('make no circle, those of types included', () => {
    const open = new Set(FILES);
    const isFree = (file: string): boolean =>
      !IMPORTS.some(({ from, to }) => from === file && open.has(to));
    // A file that imports none of those left over is in no circle.
    for (let before = 0; before !== open.size;) {
      before = open.size;
      [...open].filter(isFree).forEach(file => open.delete(file));
    }
    expect([...open]).toEqual([]);
  });

  it('are lazy where a page without flagged notebooks loads nothing', () => {
    refuse(
      ({ from, to, kind }) =>
        kind === 'value' &&
        THIN.test(from) &&
        FILES.includes(to) &&
        !THIN.test(to)
    );
  });

  it('lead into the class view from its plugin only, and out of it to a flag and the direction of words only', () => {
    refuse(
      ({ from, to }) =>
        to.startsWith('classview/') !== from.startsWith('classview/') &&
        FILES.includes(to) &&
        from !== 'plugins/classview' &&
        to !== 'direction' &&
        !(from === 'classview/lab/outline' && to === 'notebook/flag')
    );
  });

  it('leave JupyterLab out of the class view but where it is shown in it', () => {
    refuse(
      ({ from, to, kind }) =>
        from.startsWith('classview/') &&
        !from.startsWith('classview/lab/') &&
        to.startsWith('@jupyterlab/') &&
        kind !== 'type'
    );
  });

  it('bring into the panel nothing of what is loaded before it', () => {
    refuse(
      ({ from, to, kind }) =>
        from.startsWith('ui/') &&
        kind === 'value' &&
        /^(capture|delivery)\//.test(to)
    );
  });

  it('are of types only in the tokens', () => {
    refuse(
      ({ from, to, kind }) =>
        from === 'tokens' && FILES.includes(to) && kind !== 'type'
    );
  });

  it('leave it to the recorder and the runtime where events go', () => {
    refuse(
      ({ from, to }) =>
        /^(trackers|notebook|identity)\//.test(from) &&
        /^(capture|delivery)\//.test(to)
    );
  });

  it('bring no tracker into the identity and the panel', () => {
    refuse(
      ({ from, to }) => /^(identity|ui)\//.test(from) && /^trackers\//.test(to)
    );
  });

  it('name no tracker but in the list of them, nor its helpers', () => {
    const helped = TRACKERS.map(file => /^trackers\/\w+\//.exec(file)?.[0]);
    refuse(
      ({ from, to }) =>
        from !== 'trackers/index' &&
        (TRACKERS.includes(to) ||
          helped.some(
            folder =>
              folder && to.startsWith(folder) && !from.startsWith(folder)
          ))
    );
  });

  it.each([
    [/^posthog-js/, /^capture\/posthog(js)?$/],
    [
      /^zod/,
      /^(events\/|identity\/consentrecords$|runtime\/(settings|roster)$|classview\/)/
    ],
    [/^react/, /^(ui|identity|dialogs|classview)\//],
    [/^@noble/, /^(identity\/personcode|events\/toldvalues)$/],
    [/^@tanstack/, /^classview\/grid\//],
    [/^@observablehq/, /^classview\/charts\/plot$/],
    [/^idb/, /^delivery\/outbox\/(indexeddb|database)$/]
  ])('of %s are in %s only', (packages, files) => {
    refuse(({ from, to }) => packages.test(to) && !files.test(from));
  });

  it('leave JupyterLab out of the delivery, and all but its types out of the events', () => {
    refuse(
      ({ from, to, kind }) =>
        to.startsWith('@jupyterlab/') &&
        (/^(capture|delivery)\//.test(from) ||
          (from.startsWith('events/') && kind !== 'type'))
    );
  });

  it('bring nothing into the published library that Node has not', () => {
    refuse(
      ({ from, to }) =>
        from.startsWith('delivery/') &&
        !/^(delivery\/|events\/(boundedtext|uuid|version)$|idb$)/.test(to)
    );
  });

  it('name a file with its suffix where lib/ says that files are ES modules', () => {
    refuse(
      ({ from, specifier }) =>
        /^(delivery|events)\//.test(from) &&
        specifier.startsWith('.') &&
        !specifier.endsWith('.js')
    );
  });
});

function refuse(isWrong: (imported: IImport) => boolean): void {
  const wrong = IMPORTS.filter(isWrong);
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
}

/** The narrowest room that has the file: its own, or that of its innermost folder. */
function roomOf(file: string): string | undefined {
  return LAYERS.flat()
    .filter(
      room => room === file || (room.endsWith('/') && file.startsWith(room))
    )
    .sort((a, b) => b.length - a.length)[0];
}

function layerOf(file: string): number {
  return LAYERS.findIndex(layer => layer.includes(roomOf(file) ?? ''));
}
