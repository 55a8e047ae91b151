import type { User } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Holding } from '../capture/holding';
import type { IClock } from '../delivery/clock';
import type { CatalogEvent } from '../events/payload';
import type { Session } from '../events/session';
import { StudentIdentity } from '../identity/identity';
import { PersonCodes } from '../identity/personcode';
import type { ITerms } from '../identity/terms';
import { ConsentAnswers } from './consentanswers';
import { ConsentQuestions } from './consentquestions';
import type { ICourse } from './consents';
import { Consents } from './consents';
import type { Gate } from './gate';
import type { IMemory } from './memory';
import { NameQuestion } from './namequestion';
import type { Ask } from './places';
import { askRetentionDays, ownRetentionDays } from './retention';
import type { SettingsFollower } from './settingsfollower';
import { termsOf } from './terms';

/** Who is at work, and what they agreed to: both are asked in the same question. */
export class StudentAtWork {
  constructor(options: StudentAtWork.IOptions) {
    const { gate, holding, memory, settings } = options;
    const identity = (): StudentIdentity => this.identity;
    const terms = (): ITerms => termsOf(settings);
    this.codes = new PersonCodes(memory.scope, memory.storage);
    this.consents = new Consents({ ...memory, identity, terms, gate, holding });
    this.answers = new ConsentAnswers({
      consents: this.consents,
      identity,
      terms,
      holding,
      record: options.record
    });
    const names = new NameQuestion({
      settings: () => settings.values,
      destinationWords: options.destinationWords,
      collector: options.collector,
      retentionDays: async () => {
        if (settings.destination.kind === 'collector') {
          return ownRetentionDays();
        }
        const ask = options.collector();
        return ask && askRetentionDays(ask, options.clock);
      },
      clock: options.clock,
      user: options.user,
      join: (person, code) => this.codes.join(person, code),
      trans: options.trans
    });
    this.questions = new ConsentQuestions({
      consents: this.consents,
      answers: this.answers,
      identity,
      terms,
      course: options.course,
      ask: question => names.ask(question)
    });
    this.identity = new StudentIdentity({
      ...memory,
      assigned: () => names.assigned,
      rule: () => names.rule,
      prompt: (known, signal) => this.questions.prompt(known, signal)
    });
    settings.identityChanged.connect(this.identity.refresh, this.identity);
  }

  readonly identity: StudentIdentity;
  /** The codes by which sessions are a person's. */
  readonly codes: PersonCodes;
  readonly consents: Consents;
  readonly answers: ConsentAnswers;
  readonly questions: ConsentQuestions;

  /** Forget the student and the answers: nothing is recorded until a name is given again. */
  forget(): void {
    this.answers.forget();
    this.identity.forget();
  }
}

/** The namespace for StudentAtWork statics. */
export namespace StudentAtWork {
  /** The parts that say who is at work, and those that are told. */
  export interface IOptions {
    readonly memory: IMemory;
    readonly settings: Pick<
      SettingsFollower,
      'destination' | 'identityChanged' | 'values'
    >;
    /** The account that the server says is signed in. */
    readonly user: Pick<User.IManager, 'identity'>;
    readonly gate: Gate;
    readonly holding: () => Holding;
    /** Records an event, whatever the gate says. */
    readonly record: (session: Session, event: CatalogEvent) => void;
    /** The course of the notebook in front, or null. */
    readonly course: () => ICourse | null;
    /** The way to ask the collector that events go to; null where they go to none. */
    readonly collector: () => Ask | null;
    readonly clock: IClock;
    /** Where events go, in words for the student. */
    readonly destinationWords: () => string;
    readonly trans: TranslationBundle;
  }
}
