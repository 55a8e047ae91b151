import * as React from 'react';
import { useModel } from './usemodel';

/** A button by which the class is given a file; beside it, what became of that. */
export function FileButton(props: {
  readonly label: string;
  readonly title: string;
  /** The files to choose from, as of an `input`. */
  readonly accept: string;
  /**
   * Gives the file to the class.
   *
   * @returns what to say of it
   * @throws Error - whose message says what is wrong
   */
  readonly save: (file: File) => Promise<string>;
}): React.JSX.Element {
  const { accept, label, title } = props;
  const model = useModel();
  const input = React.useRef<HTMLInputElement>(null);
  const [said, setSaid] = React.useState('');
  const [problem, setProblem] = React.useState('');
  const save = async (file: File): Promise<void> => {
    setSaid('');
    setProblem('');
    try {
      setSaid(await props.save(file));
      model.forget();
    } catch (reason) {
      setProblem((reason as Error).message);
    }
  };
  return (
    <span className="jp-cv-FileButton">
      <input
        type="file"
        accept={accept}
        hidden
        ref={input}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) {
            void save(file);
          }
          // The same file again, once it is mended, is another choice.
          target.value = '';
        }}
      />
      <button
        type="button"
        className="jp-cv-Button"
        title={title}
        onClick={() => input.current?.click()}
      >
        {label}
      </button>
      <span role="status">{said}</span>
      {problem && <span role="alert">{problem}</span>}
    </span>
  );
}
