import type { CapturedEvent } from '../../events/payload';
import { TrackerContext } from '../../notebook/trackercontext';
import { makeSession, MARY, SAMPLES } from '../fakes';
import { FakeDocument } from '../notebookfakes';

const BLUR = { name: 'blur', properties: SAMPLES.blur } as const;
const CUSTOM = { name: 'quiz_done', properties: {}, isCustom: true } as const;

let doc: FakeDocument;
let context: TrackerContext;
/** Whether the recorder takes what it is given. */
let isAccepted: boolean;
let taken: [session: string, name: string][];
/** The names that other trackers hear of. */
let heard: string[];

beforeEach(() => {
  doc = new FakeDocument();
  isAccepted = true;
  taken = [];
  heard = [];
  const { model, sessionContext, commands, application, kernel } = doc.context;
  context = new TrackerContext({
    context: { model, sessionContext } as never,
    commands,
    application,
    cells: doc.cells,
    kernel,
    views: doc.views,
    shell: { currentWidget: null, currentChanged: doc.currentChanged },
    recorder: {
      rules: doc.rules,
      record: (session, { name }: CapturedEvent) => {
        taken.push([session.id, name]);
        return isAccepted;
      }
    }
  });
  context.recorded.connect((_, { name }) => heard.push(name));
});

afterEach(() => {
  context.session = null;
  doc.dispose();
});

describe('a sign of work', () => {
  it('is of the session under way, if there is one', () => {
    jest.useFakeTimers();
    context.work();
    const session = (context.session = makeSession());
    jest.advanceTimersByTime(3_600_000);
    context.work();
    jest.advanceTimersByTime(1_000);
    expect(session.activeMs).toBe(61_000);
    jest.useRealTimers();
  });
});

describe('an event', () => {
  it('is of the session under way, and other trackers hear of it', () => {
    const session = (context.session = makeSession());
    expect(context.record(BLUR)).toBe(true);
    expect(taken).toEqual([[session.id, 'blur']]);
    expect(heard).toEqual(['blur']);
  });

  it('that is switched off is told to other trackers all the same', () => {
    context.session = makeSession();
    isAccepted = false;
    expect(context.record(BLUR)).toBe(false);
    expect(heard).toEqual(['blur']);
  });

  it('that the catalogue does not know is no matter of other trackers', () => {
    context.session = makeSession();
    expect(context.record(CUSTOM)).toBe(true);
    expect(heard).toEqual([]);
  });

  it('is nobody’s while there is no session', () => {
    expect(context.record(BLUR)).toBe(false);
    expect([taken, heard]).toEqual([[], []]);
  });
});

describe('a tracker that outlives a session', () => {
  it('counts from 1 in the next one, and records for it', () => {
    context.session = makeSession();
    expect(context.counts.cells.next('a')).toBe(1);
    expect(context.counts.tests.next('a')).toBe(1);
    expect(context.counts.cells.next('a')).toBe(2);
    const next = (context.session = makeSession(MARY));
    expect(context.counts.cells.next('a')).toBe(1);
    expect(context.counts.tests.next('a')).toBe(1);
    context.record(BLUR);
    expect(taken).toEqual([[next.id, 'blur']]);
  });

  it('finds cells in both', () => {
    const cell = doc.addCell('1');
    context.session = makeSession();
    expect(context.cellIndex(cell.model.id)).toBe(0);
    context.session = makeSession();
    expect(context.cellIndex(cell.model.id)).toBe(0);
  });
});
