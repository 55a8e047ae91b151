import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Field } from '../dialogs/field';
import { NOTICE_ID } from './notice';
import type { IChoiceProps } from './choice';
import type { IFoundRows, IRosterRow } from './roster';
import { shownOf } from './roster';
import { MAX_ROSTER_TEXT } from './rostername';
import { useFocusOfPredecessor } from './successor';

/** Who types on is asked for so much later, in milliseconds. */
const SOON_MS = 150;
const LIST_ID = 'jp-ipynb-telemetry-names';
const STATUS_ID = 'jp-ipynb-telemetry-preview';

/**
 * The field in which a student finds their name in the roster: a combobox with a
 * list, as the ARIA Authoring Practices have it. The list is part of the text's
 * flow: nothing lies over the buttons of the dialog.
 */
export function NameChoice(props: IChoiceProps): React.JSX.Element {
  const { trans, roster, isPseudonym, keys, onChange, onFailed } = props;
  const [{ typed, row }, setChoice] = React.useState(props.choice);
  const [found, setFound] = React.useState<IFoundRows | null>(null);
  const [isOpen, setOpen] = React.useState(false);
  const [active, setActive] = React.useState(-1);
  const field = useFocusOfPredecessor();
  const list = React.useRef<HTMLUListElement>(null);
  const change = (choice: typeof props.choice): void => {
    setChoice(choice);
    setActive(-1);
    onChange(choice);
  };
  const pick = (chosen: IRosterRow): void => {
    change({ typed: chosen.name, row: chosen });
    setOpen(false);
  };
  React.useEffect(() => {
    setFound(null);
    if (row || !roster || !/\p{L}/u.test(typed)) {
      return;
    }
    let isCurrent = true;
    const timer = setTimeout(() => {
      roster.find(typed).then(
        answer => {
          if (isCurrent) {
            setFound(answer);
            setOpen(answer.rows.length > 0);
          }
        },
        () => isCurrent && onFailed()
      );
    }, SOON_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [typed, row, roster]);
  React.useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: 'nearest' });
  }, [active]);
  const rows = isOpen && found ? found.rows : [];
  keys.take = ({ key, altKey, isComposing }) => {
    // While an input method composes a word, its keys choose among its own words.
    if (isComposing || !field.current?.contains(document.activeElement)) {
      return false;
    }
    switch (key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        const count = found?.rows.length ?? 0;
        const step = key === 'ArrowDown' ? 1 : -1;
        setOpen(count > 0);
        if (count > 0 && !altKey) {
          // Beyond either end nothing is active, and then the other end is.
          const next = active + step;
          setActive(next < -1 ? count - 1 : next >= count ? -1 : next);
        }
        return count > 0;
      }
      case 'Enter':
        if (rows[active]) {
          pick(rows[active]);
          return true;
        }
        return false;
      case 'Escape':
        setOpen(false);
        return rows.length > 0;
      default:
        return false;
    }
  };
  return (
    <div ref={field}>
      <Field
        name="roster"
        label={trans.__('Your name')}
        value={typed}
        problem={row ? '' : trans.__('Choose your name from the list')}
        isSubmitted={props.isSubmitted}
        maxLength={MAX_ROSTER_TEXT}
        describedBy={`${STATUS_ID} ${NOTICE_ID}`}
        attributes={{
          role: 'combobox',
          'aria-autocomplete': 'list',
          'aria-expanded': rows.length > 0,
          'aria-controls': LIST_ID,
          'aria-activedescendant': rows[active] && `${LIST_ID}-${active}`,
          onBlur: () => setOpen(false)
        }}
        onChange={value => change({ typed: value, row: null })}
      >
        <ul
          id={LIST_ID}
          ref={list}
          role="listbox"
          aria-label={trans.__('Names in your class')}
          className="jp-ipynb-telemetry-Names"
          hidden={rows.length === 0}
        >
          {rows.map((each, index) => (
            <li
              key={each.id}
              id={`${LIST_ID}-${index}`}
              role="option"
              aria-selected={index === active}
              // The field keeps the focus.
              onMouseDown={event => event.preventDefault()}
              onClick={() => pick(each)}
            >
              <bdi>{each.name}</bdi>
              <span dir="auto">{detailOf(each, rows)}</span>
            </li>
          ))}
        </ul>
      </Field>
      <p
        id={STATUS_ID}
        role="status"
        className="jp-ipynb-telemetry-Form-preview"
        dir="auto"
      >
        {row
          ? isPseudonym
            ? trans.__(
                'Your work is recorded under the code %1. Your name stays in this browser.',
                `\u2066${row.id}\u2069`
              )
            : trans.__('You will appear as %1', `\u2068${shownOf(row)}\u2069`)
          : foundWords({ found, rows, typed, isPseudonym, trans })}
      </p>
    </div>
  );
}

/** What tells two of one name apart: the group, else the end of the id. */
function detailOf(
  row: IRosterRow,
  rows: ReadonlyArray<IRosterRow>
): string | null {
  const isAlone = rows.every(
    other =>
      other === row || other.name !== row.name || other.group !== row.group
  );
  const parts = [row.group, isAlone ? null : `…${row.id.slice(-4)}`];
  return parts.filter(part => part).join(' · ') || null;
}

/** Say what is found of the class, or what to type. */
function foundWords(shown: {
  readonly found: IFoundRows | null;
  /** Those that are listed: none while the list is closed. */
  readonly rows: ReadonlyArray<IRosterRow>;
  readonly typed: string;
  readonly isPseudonym: boolean;
  readonly trans: TranslationBundle;
}): string {
  const { found, rows, typed, isPseudonym, trans } = shown;
  if (found && rows.length > 0) {
    if (!found.hasMore) {
      return trans._n(
        '%1 name. Choose yours with the arrow keys or the mouse.',
        '%1 names. Choose yours with the arrow keys or the mouse.',
        rows.length
      );
    }
    return isPseudonym
      ? trans.__(
          'More names begin like that than are listed. Is yours not among them? Type more of your name and then your group, or choose “I have a code”.'
        )
      : trans.__(
          'More names begin like that than are listed. Is yours not among them? Type more of your name and then your group.'
        );
  }
  return found?.rows.length === 0 && lettersOf(typed) > 1
    ? trans.__('No name in your class begins like that.')
    : trans.__('Type at least two letters of your name.');
}

function lettersOf(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}
