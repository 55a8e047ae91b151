import { PageConfig } from '@jupyterlab/coreutils';
import type { User } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IJupyterUser } from '../identity/jupyteruser';
import { readJupyterUser } from '../identity/jupyteruser';
import type { INames } from '../identity/name';
import { consentWords, noticeFacts, noticeText } from '../identity/noticefacts';
import { studentOf } from '../identity/name';
import type { IQuestion } from './consentquestions';
import { hubAccount } from './hubcollector';
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

  /** Ask for the names, and whether the work may be recorded. */
  async ask(question: IQuestion): Promise<INames | null> {
    const { known, terms, isRecorded, isChanged, signal } = question;
    const { settings, trans } = this._options;
    const shown = {
      trans,
      notice: noticeText(terms.privacyNotice, trans),
      destination: this._options.destinationWords(),
      facts: noticeFacts(terms, trans),
      words: consentWords(terms, isChanged, trans),
      signal
    };
    const user = this._user;
    const student = user?.names && studentOf(user.names);
    if (user && student) {
      const { confirmName } = await import('../identity/nameconfirm');
      const isAgreedTo = await confirmName({
        ...shown,
        username: user.username,
        student: student.id,
        isRecorded
      });
      return isAgreedTo ? user.names : null;
    }
    if (settings().names === 'any') {
      const { promptForAnyName } = await import('../identity/anynameprompt');
      const given = await promptForAnyName({
        ...shown,
        known: known?.own?.name ?? suggested(user),
        recorded: known?.own ?? null,
        isRecorded: isRecorded && !!known?.own
      });
      if (given && given.code !== null) {
        this._options.join(given.own.id, given.code);
      }
      return given && { first: '', last: '', own: given.own };
    }
    const { promptForName } = await import('../identity/nameprompt');
    return promptForName({
      ...shown,
      known: known ?? user?.suggestion ?? null,
      recorded: (isRecorded && known && studentOf(known)?.id) || null
    });
  }

  /** The account that is signed in, or null where accounts do not count. */
  private get _user(): IJupyterUser | null {
    const source = this._options.settings().identity;
    if (source === 'prompt') {
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
    /** Where events go, in words for the student. */
    readonly destinationWords: () => string;
    /** Keeps the code of somebody who has given a name with an id of its own. */
    readonly join: (person: string, code: string) => void;
    /** The account that the server says is signed in. */
    readonly user: Pick<User.IManager, 'identity'>;
    readonly trans: TranslationBundle;
  }
}
