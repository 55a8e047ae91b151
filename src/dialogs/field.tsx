import * as React from 'react';

/**
 * A field for a text that may be refused. The reason is shown once the student
 * has left the field, or tried to go on: nobody is told off while they type.
 */
export function Field(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** Why the value will not do, in words, or empty. */
  readonly problem: string;
  /** Whether it was tried to go on. */
  readonly isSubmitted: boolean;
  /** The ids of what else describes the field. */
  readonly describedBy?: string;
  readonly autoComplete?: string;
  readonly maxLength?: number;
  /** What else the input has, such as the attributes of a combobox. */
  readonly attributes?: React.InputHTMLAttributes<HTMLInputElement>;
  /** What stands between the field and the reason. */
  readonly children?: React.ReactNode;
  readonly onChange: (value: string) => void;
}): React.JSX.Element {
  const { name, label, value, isSubmitted, describedBy = '' } = props;
  const [wasLeft, setLeft] = React.useState(false);
  // A field that was passed by or emptied has nothing to tell before it is tried to go on.
  const isShown = isSubmitted || (wasLeft && value !== '');
  const problem = isShown ? props.problem : '';
  const id = `jp-ipynb-telemetry-${name}`;
  return (
    <div className="jp-ipynb-telemetry-Field">
      <label htmlFor={id}>{label}</label>
      <input
        {...props.attributes}
        id={id}
        name={name}
        className="jp-mod-styled"
        type="text"
        autoComplete={props.autoComplete ?? 'off'}
        dir="auto"
        spellCheck={false}
        maxLength={props.maxLength}
        value={value}
        aria-required
        aria-invalid={problem !== ''}
        aria-describedby={`${id}-error ${describedBy}`.trim()}
        onChange={event => props.onChange(event.target.value)}
        onBlur={event => {
          setLeft(value !== '');
          props.attributes?.onBlur?.(event);
        }}
      />
      {props.children}
      <span id={`${id}-error`} aria-live="polite">
        {problem}
      </span>
    </div>
  );
}
