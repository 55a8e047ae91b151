import type { TranslationBundle } from '@jupyterlab/translation';
import type { ConsentMode, ITerms, Kind } from './terms';
import { linkOf } from './terms';

/** What a notice says below its text, in words. */
export interface INoticeFacts {
  readonly mode: ConsentMode;
  /** Lines, each with what it is about. */
  readonly lines: ReadonlyArray<readonly [label: string, text: string]>;
  /** The address of a page that says more, or null. */
  readonly link: string | null;
}

/**
 * Say what the settings in force record, and what the administrator has written.
 *
 * @param retentionDays - after how many days the collector deletes events; null
 * where that is not known
 */
export function noticeFacts(
  terms: ITerms,
  retentionDays: number | null,
  trans: TranslationBundle
): INoticeFacts {
  const { mode, lines, captured, hidesSecrets } = terms;
  // “Not recorded” is a state elsewhere and “Kept” is said of events: the context lets a language use other words here.
  const all: Array<[string, string]> = [
    [trans.__('Recorded'), listOf(captured.map(kind => wordsOf(kind, trans)))],
    [
      trans._p('notice', 'Not recorded'),
      listOf([
        trans.__('single keystrokes'),
        trans.__('pasted text'),
        trans.__('other tabs'),
        ...(hidesSecrets ? [trans.__('passwords and keys in your code')] : [])
      ])
    ],
    [trans.__('Purpose'), lines.purpose],
    [trans._p('notice', 'Kept'), lines.kept],
    [
      trans.__('Deleted'),
      retentionDays === null
        ? ''
        : trans._n(
            'after %1 day, by the collector',
            'after %1 days, by the collector',
            retentionDays
          )
    ],
    [trans.__('Your rights'), lines.rights],
    [trans.__('Responsible'), lines.responsible],
    [trans.__('Questions'), lines.contact]
  ];
  return {
    mode,
    lines: all.filter(([, text]) => text !== ''),
    link: linkOf(lines.link)
  };
}

function wordsOf(kind: Kind, trans: TranslationBundle): string {
  switch (kind) {
    case 'visits':
      return trans.__('when you open and close the notebook');
    case 'runs':
      return trans.__('which cells you run and whether they fail');
    case 'code':
      return trans.__('their code');
    case 'output':
      return trans.__('their output and errors');
    case 'tests':
      return trans.__('test results');
    case 'solutions':
      return trans.__('which solutions you open');
    case 'absences':
      return trans.__('when you leave and return');
    case 'pastes':
      return trans.__('how much you paste');
    case 'marks':
      return trans.__('cells that mark themselves');
    case 'own':
      return trans.__('what the course’s own exercises report');
  }
}

/** The usual notice, the default of its setting: the one text of an instructor's that has translations. */
export const USUAL_NOTICE =
  'Your course records what you do in this notebook. Your instructor uses it to help you.';

/** The privacy notice as students read it: the usual one in the language of the page. */
export function noticeText(notice: string, trans: TranslationBundle): string {
  return notice === USUAL_NOTICE
    ? trans.__(
        'Your course records what you do in this notebook. Your instructor uses it to help you.'
      )
    : notice;
}

/** A list as the page's language writes it: “a, b, and c”. */
function listOf(items: ReadonlyArray<string>): string {
  // JupyterLab writes it as its language packs are named: fr_FR.
  const language = document.documentElement.lang.replace('_', '-') || undefined;
  return new Intl.ListFormat(language).format(items);
}

/** The words by which a dialog asks, by its mode. */
export interface IConsentWords {
  readonly title: string;
  readonly refuse: string;
  readonly accept: string;
  /** What follows from either answer. */
  readonly choice: ReadonlyArray<string>;
}

/**
 * Say how a student is asked who is not recorded yet.
 *
 * @param isChanged - whether the student had agreed to another notice, destination or recording
 */
export function consentWords(
  { mode, lines }: Pick<ITerms, 'mode' | 'lines'>,
  isChanged: boolean,
  trans: TranslationBundle
): IConsentWords {
  const changed = isChanged
    ? [
        trans.__(
          'You agreed to something else before: the notice, the recording or its destination was changed.'
        )
      ]
    : [];
  switch (mode) {
    case 'opt-in':
      return {
        title: trans.__('May we record your work?'),
        refuse: trans.__('No'),
        accept: trans.__('Yes'),
        choice: [
          ...changed,
          trans.__(
            'Nothing is recorded unless you say yes. Either answer is fine and is remembered: the lesson stays the same, and you can change your mind at any time.'
          )
        ]
      };
    case 'required':
      return {
        title: trans.__('Your work is to be recorded'),
        refuse: trans.__('Not now'),
        accept: trans.__('Start recording'),
        choice: [
          ...changed,
          trans.__('A policy requires this recording.'),
          lines.policy === ''
            ? trans.__('Ask your instructor if you do not want it.')
            : lines.policy
        ]
      };
    default:
      return {
        title: trans.__('May we record your work?'),
        refuse: trans.__('Work without recording'),
        accept: trans.__('Start recording'),
        choice: [
          ...changed,
          trans.__(
            'You can also work without recording: the lesson stays the same.'
          )
        ]
      };
  }
}
