import * as React from 'react';
import { FormBody } from '../dialogs/formdialog';
import type { IChoice, IChoiceProps, IKeys } from './choice';
import type { IConsentDialogOptions } from './consentdialog';
import { askConsent } from './consentdialog';
import { Notice } from './notice';
import type { IRoster, IRosterRow } from './roster';

/** What a dialog that asks who is at work shows besides its fields. */
export interface IOfferedOptions extends IConsentDialogOptions {
  /** Whose work is recorded already, as that student is shown, or null. */
  readonly recorded: string | null;
  /** The roster that is offered; null: there is none, or nobody knows. */
  readonly roster: Promise<IRoster | null>;
}

/**
 * A form with fields of its own, which give way to a roster's as soon as one is
 * offered. The form waits for no roster: without one it stays as it is.
 */
export abstract class OfferedForm<O extends IOfferedOptions> extends FormBody {
  /** @param chosen - who was chosen from a roster before, or null */
  constructor(
    protected readonly options: O,
    chosen: IRosterRow | null,
    private readonly _isPseudonym = false
  ) {
    super();
    this.addClass('jp-ipynb-telemetry-Form');
    this.choice = { typed: chosen?.name ?? '', row: chosen };
    if (chosen) {
      // Known, whether or not a collector is there to tell.
      this._offer(BEFORE);
    }
    void options.roster.then(offered => offered && this._offer(offered));
  }

  /** Who was chosen from the roster, or null where the form's own fields count. */
  get chosen(): IRosterRow | null {
    return this._field ? this.choice.row : null;
  }

  override check(): boolean {
    if (!this._field) {
      return this.checkOwn();
    }
    if (!this.choice.row) {
      this.showProblems('roster');
    }
    return this.choice.row !== null;
  }

  override takesKey(event: KeyboardEvent): boolean {
    return this._field !== null && this.keys.take(event);
  }

  /** Whether the form's own fields will do; else the student is told why not. */
  protected abstract checkOwn(): boolean;

  protected abstract renderOwn(): React.JSX.Element;

  /** What stands in the form's own fields, to go on with. */
  protected get typedSoFar(): string {
    return '';
  }

  /** Whether a roster has a field of its own in this form. */
  protected hasField(_: IRoster): boolean {
    return true;
  }

  /** The words by which a student has the form's own fields, though there is a roster. */
  protected wordsForOwn(roster: IRoster): string {
    const { trans } = this.options;
    return roster.offer === 'names'
      ? trans.__('I am not in the list')
      : trans.__('I have no code');
  }

  /** Tell what is wrong, and go to a field. */
  protected showProblems(name: string): void {
    this.isSubmitted = true;
    this.update();
    this.node.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();
  }

  protected render(): React.JSX.Element {
    const { trans } = this.options;
    const { roster, _field: Field } = this;
    const canChange = roster !== null && this.hasField(roster);
    return (
      <>
        {this._renderNotice()}
        {Field && roster ? (
          <Field
            trans={trans}
            roster={roster}
            choice={this.choice}
            isSubmitted={this.isSubmitted}
            isPseudonym={this._isPseudonym}
            keys={this.keys}
            onChange={choice => {
              this.choice = choice;
            }}
            onFailed={() => this.dropRoster()}
          />
        ) : (
          this.renderOwn()
        )}
        {canChange && (
          <label className="jp-ipynb-telemetry-HasCode">
            <input
              type="checkbox"
              checked={this.prefersOwn}
              onChange={() => {
                this.prefersOwn = !this.prefersOwn;
                this.isSubmitted = false;
                this.update();
              }}
            />
            {this.wordsForOwn(roster)}
          </label>
        )}
      </>
    );
  }

  /** Without its collector the form is as it would have been without a roster. */
  protected dropRoster(): void {
    this.roster = null;
    this.update();
  }

  private _renderNotice(): React.JSX.Element {
    const { trans, notice, destination, facts, words, recorded } = this.options;
    return (
      <Notice
        trans={trans}
        text={`${notice} ${destination}`}
        facts={facts}
        paragraphs={
          recorded === null
            ? words.choice
            : [
                trans.__(
                  'At the moment the work of %1 is recorded. Cancel leaves it so.',
                  `\u2068${recorded}\u2069`
                )
              ]
        }
      />
    );
  }

  private _offer(roster: IRoster): void {
    this.roster = roster;
    if (!this.choice.row) {
      this.choice = { typed: this.typedSoFar, row: null };
    }
    const loading =
      roster.offer === 'names'
        ? import('./namechoice').then(({ NameChoice }) => NameChoice)
        : import('./codechoice').then(({ CodeChoice }) => CodeChoice);
    loading
      .then(choice => {
        if (this.roster === roster && !this.isDisposed) {
          this._loaded = choice;
          this.update();
        }
      })
      .catch(() => this.dropRoster());
    this.update();
  }

  /** The roster's field, where it is to be shown. */
  private get _field(): React.ComponentType<IChoiceProps> | null {
    const isShown =
      this.roster !== null && this.hasField(this.roster) && !this.prefersOwn;
    return isShown ? this._loaded : null;
  }

  protected readonly keys: IKeys = { take: () => false };
  protected choice: IChoice;
  protected roster: IRoster | null = null;
  protected isSubmitted = false;
  /** Whether the student rather has the form's own fields. */
  protected prefersOwn = false;
  private _loaded: React.ComponentType<IChoiceProps> | null = null;
}

/**
 * Ask by a form of that class who is at work.
 *
 * @returns the form, once the student is to be recorded as it says; else null
 */
export async function askBy<
  O extends IOfferedOptions,
  F extends OfferedForm<O>
>(Form: new (options: O) => F, options: O): Promise<F | null> {
  const { trans, recorded } = options;
  const words = {
    title: trans.__('Who is working?'),
    accept: trans.__('Start recording')
  };
  const body = new Form(options);
  const isAgreed = await askConsent(options, {
    body,
    focus: 'input',
    recorded: recorded === null ? null : words
  });
  return isAgreed ? body : null;
}

/** Stands for the roster that somebody was chosen from before, until it is offered again. */
const BEFORE: IRoster = {
  offer: 'names',
  find: () => Promise.reject(new Error('no roster')),
  whose: () => Promise.reject(new Error('no roster'))
};
