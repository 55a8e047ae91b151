import type { IQuestion } from './question';

/** The views, in the order of their tabs. */
export const TABS = [
  'now',
  'progress',
  'exercises',
  'errors',
  'students',
  'delivery'
] as const;
export type Tab = (typeof TABS)[number];

/** Parts of the students of an exercise, as charts and tables divide them. */
export const PARTS = [
  'here',
  'tried',
  'peeked',
  'one',
  'two',
  'more',
  'unsolved',
  'passed',
  'before',
  'after_failure',
  'after_run',
  'after_pass'
] as const;
export type Part = (typeof PARTS)[number];

/** Figures of the class that open the students they are made of. */
const FIGURES = [
  'here',
  'absent',
  'roster',
  'done',
  'untried',
  'solved',
  'active',
  'away',
  'present'
] as const;
export type Figure = (typeof FIGURES)[number];

/** Figures of a student that open the events they are made of, as the server calls them. */
const ONLY = [
  'runs',
  'errors',
  'passes',
  'fails',
  'peeks',
  'pastes',
  'leaves'
] as const;
export type Only = (typeof ONLY)[number];

/** What is looked at: a link has all of it. */
export interface IAddress {
  readonly tab: Tab;
  readonly notebooks: ReadonlyArray<string>;
  readonly group: string | null;
  /** The time window; null: open on that side. */
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  /** The moment of a replay within the window; null: the window's end. */
  readonly atMs: number | null;
  readonly areNamesHidden: boolean;
  readonly simulated: boolean;
  /** A student who is looked at: an id, or `~7` for the seventh while names are hidden. */
  readonly student: string | null;
  /** An exercise that is looked at, with its notebook. */
  readonly notebook: string | null;
  readonly exercise: string | null;
  /** A figure of the class that is looked at. */
  readonly figure: Figure | null;
  /** When what is looked at was, such as five minutes of a chart; null: open on that side. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** The kind of events that alone are shown of the student; null: all. */
  readonly only: Only | null;
  /** The part of a bar whose students alone are shown of the exercise; null: all. */
  readonly part: Part | null;
  /** A session that is looked at, of the student. */
  readonly session: string | null;
  /** A cause of errors that is looked at. */
  readonly fold: string | null;
  /** Which sessions are listed; null: all. */
  readonly sessions: 'missing' | null;
}

/** Nothing is open beside the view. */
export const NOTHING_OPEN = {
  student: null,
  notebook: null,
  exercise: null,
  part: null,
  session: null,
  fold: null,
  figure: null,
  fromMs: null,
  toMs: null,
  only: null
} as const satisfies Partial<IAddress>;

/** Where a view begins. */
export const START: IAddress = {
  tab: 'now',
  notebooks: [],
  group: null,
  sinceMs: null,
  untilMs: null,
  atMs: null,
  areNamesHidden: false,
  simulated: false,
  ...NOTHING_OPEN,
  sessions: null
};

/** Another address, without a part of something else that was open before. */
export function goFrom(address: IAddress, there: Partial<IAddress>): IAddress {
  const isOther = (now: string | null | undefined, before: string | null) =>
    now !== undefined && now !== before;
  return {
    ...address,
    ...(isOther(there.student, address.student) && {
      session: null,
      fromMs: null,
      toMs: null,
      only: null
    }),
    ...(isOther(there.exercise, address.exercise) && { part: null }),
    ...there
  };
}

/** What a view asks the server, by its address. */
export function questionOf(address: IAddress): IQuestion {
  const { notebooks, group, sinceMs, untilMs, atMs, simulated } = address;
  return { notebooks, group, sinceMs, untilMs: atMs ?? untilMs, simulated };
}

/** The address as the part of a link behind `#`. */
export function writeAddress(address: IAddress): string {
  const query = new URLSearchParams();
  const set = (name: string, value: string | null): void => {
    if (value !== null) {
      query.set(name, value);
    }
  };
  const moment = (at: number | null): string | null =>
    at === null ? null : new Date(at).toISOString();
  address.notebooks.forEach(id => query.append('in', id));
  set('group', address.group);
  set('since', moment(address.sinceMs));
  set('until', moment(address.untilMs));
  set('at', moment(address.atMs));
  set('names', address.areNamesHidden ? 'hidden' : null);
  set('simulated', address.simulated ? '1' : null);
  set('student', address.student);
  set('notebook', address.notebook);
  set('exercise', address.exercise);
  set('part', address.part);
  set('session', address.session);
  set('fold', address.fold);
  set('figure', address.figure);
  set('from', moment(address.fromMs));
  set('to', moment(address.toMs));
  set('only', address.only);
  set('sessions', address.sessions);
  const text = query.toString();
  return text ? `${address.tab}?${text}` : address.tab;
}

/** Read such a part; whatever in it says nothing is as at the start. */
export function readAddress(text: string): IAddress {
  const [tab, rest = ''] = text.replace(/^#/, '').split(/\?(.*)/s);
  const query = new URLSearchParams(rest);
  const moment = (name: string): number | null => {
    const at = Date.parse(query.get(name) ?? '');
    return Number.isNaN(at) ? null : at;
  };
  return {
    tab: TABS.find(known => known === tab) ?? START.tab,
    notebooks: query.getAll('in'),
    group: query.get('group'),
    sinceMs: moment('since'),
    untilMs: moment('until'),
    atMs: moment('at'),
    areNamesHidden: query.get('names') === 'hidden',
    simulated: query.get('simulated') === '1',
    student: query.get('student'),
    notebook: query.get('notebook'),
    exercise: query.get('exercise'),
    part: PARTS.find(part => part === query.get('part')) ?? null,
    session: query.get('session'),
    fold: query.get('fold'),
    figure: FIGURES.find(figure => figure === query.get('figure')) ?? null,
    fromMs: moment('from'),
    toMs: moment('to'),
    only: ONLY.find(only => only === query.get('only')) ?? null,
    sessions: query.get('sessions') === 'missing' ? 'missing' : null
  };
}
