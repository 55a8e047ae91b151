import { readOutlineFile } from '../../classview/model/outlinefile';

const CELL = {
  cell_type: 'code',
  id: 'c1',
  source: ['x = 1'],
  metadata: { tags: ['a'] },
  outputs: [{ output_type: 'stream', text: 'long' }],
  execution_count: 3
};

function read(document: unknown): ReturnType<typeof readOutlineFile> {
  return readOutlineFile('D1_Tooling.ipynb', JSON.stringify(document));
}

describe('the file of a notebook', () => {
  const { cell_type, id, source, metadata } = CELL;

  it('has its id, and its cells without outputs', () => {
    expect(
      read({
        cells: [CELL],
        metadata: { ipynb_telemetry: { enabled: true, notebook: 'D1' } },
        nbformat: 4,
        nbformat_minor: 5
      })
    ).toEqual({
      notebook: 'D1',
      cells: [{ cell_type, id, source, metadata }]
    });
  });

  it('is called as the file is where it names no id, and has no ids of cells before 4.5', () => {
    for (const flag of [undefined, null, 7, {}, { notebook: 7 }]) {
      expect(
        read({
          cells: [CELL],
          metadata: { ipynb_telemetry: flag },
          nbformat: 4,
          nbformat_minor: 4
        })
      ).toEqual({
        notebook: 'D1_Tooling',
        cells: [{ cell_type, source, metadata }]
      });
    }
  });

  it.each(['', 'no JSON', 'null', '7', '[]', '{}', '{"cells": 1}'])(
    'is none: %j',
    text => {
      expect(readOutlineFile('D1.ipynb', text)).toBeNull();
    }
  );
});
