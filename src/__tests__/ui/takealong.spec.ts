import { filesOf } from '../../ui/takealong';
import type { IMyRecords } from '../../ui/rights';
import { trans } from '../fakes';

const MINE: IMyRecords = {
  records: [
    {
      uuid: 'b',
      event: 'cell_executed',
      timestamp: '2026-03-01T10:00:02.000Z',
      name: 'ANN_LEE',
      notebook: 'D1',
      properties: {
        notebook: 'D1',
        status: 'ok',
        execution_count: 3,
        cell_index: 0,
        code: '=1+1, "two"\nlines',
        error: { name: 'E' }
      },
      places: ['class', 'server']
    },
    {
      uuid: 'a',
      event: 'of_a_course',
      timestamp: '2026-03-01T10:00:01.000Z',
      name: 'ANN_LEE',
      notebook: 'D1',
      properties: { notebook: 'D1' },
      places: ['browser']
    }
  ],
  visits: [
    { reader: '@tess', what: 'student', notebook: 'D1', first: 0, last: 1000 }
  ],
  troubles: [{ place: 'class', reason: 'no answer' }],
  hasMore: false
};

const FILES = filesOf(
  MINE,
  { name: 'ANN-LEE', destination: 'Your records stay here.', at: new Date(0) },
  trans
);

describe('what a student takes along', () => {
  it('is all of it as JSON', () => {
    const told = JSON.parse(FILES['records.json']) as Record<string, unknown>;
    expect(told).toMatchObject({ name: 'ANN-LEE', records: MINE.records });
    expect(told.readers).toEqual([
      {
        reader: '@tess',
        what: 'student',
        notebook: 'D1',
        first: '1970-01-01T00:00:00.000Z',
        last: '1970-01-01T00:00:01.000Z'
      }
    ]);
  });

  it('is a table that runs nothing, of every property', () => {
    const [header, ...rows] = FILES['records.csv'].split('\r\n');
    expect(header).toBe(
      '\ufefftime,event,words,name,notebook,kept,uuid,status,execution_count,cell_index,code,error'
    );
    expect(rows[0]).toBe(
      '2026-03-01T10:00:02.000Z,cell_executed,Ran cell [3],ANN_LEE,D1,class server,b,ok,3,0,"\'=1+1, ""two""\nlines","{""name"":""E""}"'
    );
    expect(rows[1]).toContain('of_a_course');
    expect(FILES['readers.csv']).toContain("\r\n'@tess,student,D1,1970");
  });

  it('has a readme that says why, and what is missing', () => {
    const readme = FILES['README.txt'];
    expect(readme).toContain('Records of ANN-LEE');
    expect(readme).toContain('cell_executed: So that your instructor sees');
    expect(readme).toContain('of_a_course: Your instructor’s notebook');
    expect(readme).toContain(
      'Your class’s collector could not be asked: no answer'
    );
    expect(readme).toContain('made without your code');
  });
});
