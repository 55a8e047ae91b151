import { Signal } from '@lumino/signaling';
import { Holding } from '../../capture/holding';
import type { CatalogEvent, IPayload } from '../../events/payload';
import type { IStudent } from '../../events/student';
import type { INames } from '../../identity/name';
import { studentOf } from '../../identity/name';
import type { ITerms } from '../../identity/terms';
import { ConsentAnswers } from '../../runtime/consentanswers';
import type { IQuestion } from '../../runtime/consentquestions';
import { ConsentQuestions } from '../../runtime/consentquestions';
import type { ICourse } from '../../runtime/consents';
import { Consents } from '../../runtime/consents';
import { Gate } from '../../runtime/gate';
import { termsOf } from '../fakes';

const SCOPE = 'http://hub.example/user/ann/|ann';
export const COURSE: ICourse = { course: 'biology-1', notebook: 'lesson' };
export const OTHER: ICourse = { course: 'physics-2', notebook: 'motion' };
export const NAMES: INames = { first: 'John', last: 'Doe' };

/** A page, as far as consents look at it. */
export class FakePage {
  constructor(readonly storage: Storage | null = localStorage) {
    const identity = (): typeof this.identity => this.identity;
    const terms = (): ITerms => this.terms;
    const holding = (): Holding => this.holding;
    this.consents = new Consents({
      scope: SCOPE,
      storage,
      identity,
      terms,
      gate: this.gate,
      holding
    });
    this.answers = new ConsentAnswers({
      consents: this.consents,
      identity,
      terms,
      holding,
      record: (session, event) => {
        this.told.push([session.student.id, event]);
      }
    });
    this.questions = new ConsentQuestions({
      consents: this.consents,
      answers: this.answers,
      identity,
      terms,
      course: () => COURSE,
      ask: this.ask
    });
    this.holding = new Holding(
      course => this.consents.isHeld(course),
      payload => this.delivered.push(payload)
    );
  }

  terms: ITerms = termsOf();
  names: INames | null = null;
  readonly ask = jest.fn<Promise<INames | null>, [IQuestion]>();
  readonly gate = new Gate();
  readonly told: [string, CatalogEvent][] = [];
  readonly delivered: IPayload[] = [];
  readonly holding: Holding;
  readonly consents: Consents;
  readonly answers: ConsentAnswers;
  readonly questions: ConsentQuestions;
  readonly identity = {
    changed: new Signal<object, void>({}),
    student: null as IStudent | null,
    settle: jest.fn(),
    ask: async (): Promise<void> => {
      const names = await this.questions.prompt(
        this.names,
        new AbortController().signal
      );
      if (names) {
        this.names = names;
        this.identity.student = studentOf(names);
        this.consents.refresh();
      }
    }
  };

  get events(): string[] {
    return this.told.map(([, { name }]) => name);
  }
}

/** A page whose student gives a name, and so agrees. */
export function load(storage: Storage | null = localStorage): FakePage {
  const page = new FakePage(storage);
  page.ask.mockResolvedValue(NAMES);
  return page;
}

/** The same page, loaded anew. */
export function reload(
  { consents, names }: FakePage,
  terms: Partial<ITerms> = {}
): FakePage {
  consents.dispose();
  const page = load();
  page.terms = termsOf(terms);
  page.names = names;
  page.identity.student = names && studentOf(names);
  return page;
}
