import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Field } from './field';
import { FormBody, FormDialog } from './formdialog';

/**
 * Ask for one text.
 *
 * @returns what was typed, trimmed, or null on Cancel
 */
export async function askText(
  options: ITextDialogOptions
): Promise<string | null> {
  const body = new TextForm(options);
  const dialog = new FormDialog<string>({
    title: options.title,
    body,
    focus: 'input',
    refuse: options.trans.__('Cancel'),
    accept: options.accept
  });
  const { button } = await dialog.launch();
  return button.accept ? body.text.trim() : null;
}

/** What the dialog shows. */
export interface ITextDialogOptions {
  readonly trans: TranslationBundle;
  readonly title: string;
  readonly label: string;
  /** What the text is for. */
  readonly explanation: string;
  /** The text to begin with. */
  readonly text: string;
  readonly accept: string;
  /** @returns why a text will not do, in words, or empty */
  readonly refuse: (text: string) => string;
}

const EXPLANATION_ID = 'jp-ipynb-telemetry-explanation';

class TextForm extends FormBody {
  constructor(private readonly _options: ITextDialogOptions) {
    super();
    this.addClass('jp-ipynb-telemetry-Form');
    this.text = _options.text;
  }

  text: string;

  override check(): boolean {
    this._isSubmitted = true;
    this.update();
    this.node.querySelector('input')?.focus();
    return this._options.refuse(this.text) === '';
  }

  protected render(): React.JSX.Element {
    return (
      <TextField
        {...this._options}
        isSubmitted={this._isSubmitted}
        onChange={text => {
          this.text = text;
        }}
      />
    );
  }

  private _isSubmitted = false;
}

function TextField(
  props: ITextDialogOptions & {
    readonly isSubmitted: boolean;
    readonly onChange: (text: string) => void;
  }
): React.JSX.Element {
  const { label, explanation, refuse, isSubmitted, onChange } = props;
  const [text, setText] = React.useState(props.text);
  return (
    <>
      <Field
        name="text"
        label={label}
        value={text}
        problem={refuse(text)}
        isSubmitted={isSubmitted}
        describedBy={EXPLANATION_ID}
        onChange={value => {
          setText(value);
          onChange(value);
        }}
      />
      <p id={EXPLANATION_ID}>{explanation}</p>
    </>
  );
}
