import type { TranslationBundle } from '@jupyterlab/translation';
import type { IRoster, IRosterRow } from './roster';

/** What stands in the field of a roster, and who was found by it. */
export interface IChoice {
  readonly typed: string;
  readonly row: IRosterRow | null;
}

/** What the field of a roster needs of its form. */
export interface IChoiceProps {
  readonly trans: TranslationBundle;
  /** Null: there is nobody to ask. */
  readonly roster: IRoster | null;
  /** What to begin with. */
  readonly choice: IChoice;
  readonly isSubmitted: boolean;
  readonly isPseudonym: boolean;
  readonly onChange: (choice: IChoice) => void;
  /** The roster does not answer any more. */
  readonly onFailed: () => void;
  /** Keys that the field takes before the dialog does. */
  readonly keys: IKeys;
}

/** @returns whether the key was taken */
export interface IKeys {
  take: (event: KeyboardEvent) => boolean;
}
