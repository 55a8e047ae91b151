import { PageConfig } from '@jupyterlab/coreutils';
import type { User } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IClock } from '../delivery/clock';
import type { IJupyterUser } from '../identity/jupyteruser';
import { readJupyterUser } from '../identity/jupyteruser';
import type { INames } from '../identity/name';
import { consentWords, noticeFacts, noticeText } from '../identity/noticefacts';
import { studentOf } from '../identity/name';
import type { NameRule } from '../identity/ownname';
import type { IRoster } from '../identity/roster';
import type { IQuestion } from './consentquestions';
import { hubAccount } from './hubcollector';
import type { Ask } from './places';
import type { ITelemetrySettings } from './settings';

/**
 * Asks students for their names, or whether the name they signed in with is
 * theirs. The dialogs are loaded with the first question.
 */
export class NameQuestion {
  constructor(private readonly _options: NameQuestion.IOptions) {}

  /** The names Jupyter has for whoever is signed in, where those count; else null. */
  get assigned(): INames | null {
    return this._user?.names ?? null;
  }

  /** Which names count; the roster's do with each of the first two. */
  get rule(): NameRule {
    const { identity, names } = this._options.settings();
    return identity === 'pseudonym' ? identity : names;
  }

  /** Ask for the names, and whether the work may be recorded. */
  async ask(question: IQuestion): Promise<INames | null> {
    const { known, terms, isRecorded, isChanged, signal } = question;
    const { trans } = this._options;
    const user = this._user;
    const assigned = user?.names && studentOf(user.names);
    const asked = this._options.retentionDays();
    // Asked beside, before the dialog is loaded, which does not wait for the answer.
    const roster = assigned ? Promise.resolve(null) : this._askRoster();
    // A notice does not change while it is read: the dialog waits, for a moment.
    const retentionDays = await asked;
    const shown = {
      trans,
      notice: noticeText(terms.privacyNotice, trans),
      destination: this._options.destinationWords(),
      facts: noticeFacts(terms, retentionDays, trans),
      words: consentWords(terms, isChanged, trans),
      signal
    };
    if (user && assigned) {
      const { confirmName } = await import('../identity/nameconfirm');
      const isAgreedTo = await confirmName({
        ...shown,
        username: user.username,
        student: assigned.id,
        isRecorded
      });
      return isAgreedTo ? user.names : null;
    }
    if (this.rule === 'pseudonym') {
      const { promptForCode } = await import('../identity/codeprompt');
      const pseudonym = known?.pseudonym ?? null;
      return promptForCode({
        ...shown,
        roster,
        known: pseudonym,
        recorded: (isRecorded && (pseudonym?.name ?? pseudonym?.code)) || null
      });
    }
    if (this.rule === 'any') {
      const { promptForAnyName } = await import('../identity/anynameprompt');
      const given = await promptForAnyName({
        ...shown,
        roster,
        known: known?.own?.name ?? suggested(user),
        own: known?.own ?? null,
        listed: known?.listed ?? null,
        recorded: (isRecorded && (known?.own ?? known?.listed)?.name) || null
      });
      if (given && given.code !== null && given.names.own) {
        this._options.join(given.names.own.id, given.code);
      }
      return given && given.names;
    }
    const { promptForName } = await import('../identity/nameprompt');
    const student = known && studentOf(known);
    return promptForName({
      ...shown,
      roster,
      known: known ?? user?.suggestion ?? null,
      recorded: (isRecorded && (student?.shown ?? student?.id)) || null
    });
  }

  private async _askRoster(): Promise<IRoster | null> {
    const { collector, clock } = this._options;
    const ask = collector();
    if (!ask) {
      return null;
    }
    const identity = this.rule === 'pseudonym' ? 'pseudonym' : 'name';
    const { askRoster } = await import('./roster');
    return askRoster(ask, identity, clock);
  }

  /** The account that is signed in, or null where accounts do not count. */
  private get _user(): IJupyterUser | null {
    const source = this._options.settings().identity;
    if (source === 'prompt' || source === 'pseudonym') {
      return null;
    }
    const { identity } = this._options.user;
    const username = identity?.username ?? PageConfig.getOption('hubUser');
    if (source === 'hub-account') {
      // Whoever is signed in: the server sends as the user that the hub started it for.
      const names = { first: '', last: '', account: hubAccount() || username };
      return names.account === ''
        ? null
        : { username: username || names.account, names, suggestion: names };
    }
    return readJupyterUser(username, identity?.name ?? '');
  }
}

/** The name that the account may stand for, to begin with. */
function suggested(user: IJupyterUser | null): string {
  const { first = '', last = '' } = user?.suggestion ?? {};
  return `${first} ${last}`.trim();
}

/** The namespace for NameQuestion statics. */
export namespace NameQuestion {
  /** The things that a question depends on at the moment it is asked. */
  export interface IOptions {
    readonly settings: () => ITelemetrySettings;
    /** The way to ask the collector that events go to; null where they go to none. */
    readonly collector: () => Ask | null;
    /** After how many days the collector deletes events; null where that is not known. */
    readonly retentionDays: () => Promise<number | null>;
    readonly clock: IClock;
    /** Where events go, in words for the student. */
    readonly destinationWords: () => string;
    /** Keeps the code of somebody who has given a name with an id of its own. */
    readonly join: (person: string, code: string) => void;
    /** The account that the server says is signed in. */
    readonly user: Pick<User.IManager, 'identity'>;
    readonly trans: TranslationBundle;
  }
}
