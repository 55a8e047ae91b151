import * as React from 'react';
import type { AuditSession } from '../answers/audit';
import type { Overview } from '../answers/overview';
import { momentText } from '../parts/format';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** Stands for somebody who is no student of the class yet. */
const ANOTHER = ' another';
const NOBODY: Overview['students'] = [];

/** Says that what came under a name, or sessions of it, is of somebody else. */
export function WhoIsWhom(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const sessions = useAnswer('audit').result?.sessions ?? [];
  const students = model.overview?.students ?? NOBODY;
  const [student, setStudent] = React.useState('');
  const [person, setPerson] = React.useState('');
  const [name, setName] = React.useState('');
  const [chosen, setChosen] = React.useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = React.useState('');
  const [problem, setProblem] = React.useState('');
  const own = sessions.filter(session => session.student === student);
  const isSplit = chosen.size > 0;
  const target = person === ANOTHER ? name.trim() : person;
  const choose = (next: string): void => {
    setStudent(next);
    setChosen(new Set());
    setSaid('');
    setProblem('');
  };
  const save = async (): Promise<void> => {
    setSaid('');
    setProblem('');
    try {
      for (const statement of statementsOf(student, own, chosen, target)) {
        await model.client.sayWho(statement);
      }
      choose('');
      setPerson('');
      setName('');
      setSaid(isSplit ? trans.__('Split.') : trans.__('Merged.'));
    } catch (reason) {
      setProblem((reason as Error).message);
    }
    model.forget();
  };
  const options = (except: string): React.ReactNode =>
    students
      .filter(each => each.student !== except)
      .map(each => (
        <option key={each.student} value={each.student} dir="auto">
          {model.names.fullOf(each.student)}
        </option>
      ));
  return (
    <form
      className="jp-cv-WhoIsWhom"
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <label>
        {trans.__('Name as sent')}
        <select
          value={student}
          onChange={({ target: { value } }) => choose(value)}
        >
          <option value="">{trans.__('choose…')}</option>
          {options('')}
        </select>
      </label>
      {own.length > 1 && (
        <fieldset>
          <legend>{trans.__('Only these sessions (none ticked: all)')}</legend>
          {own.map(session => (
            <label key={keyOf(session)}>
              <input
                type="checkbox"
                checked={chosen.has(keyOf(session))}
                onChange={() => setChosen(toggled(chosen, keyOf(session)))}
              />
              {trans.__(
                '%1, from %2 to %3',
                session.notebook,
                momentText(session.first_ms),
                momentText(session.last_ms)
              )}
            </label>
          ))}
        </fieldset>
      )}
      <label>
        {trans.__('Person')}
        <select
          value={person}
          onChange={({ target: { value } }) => setPerson(value)}
        >
          <option value="">{trans.__('choose…')}</option>
          {options(student)}
          <option value={ANOTHER}>{trans.__('somebody else…')}</option>
        </select>
      </label>
      {person === ANOTHER && (
        <label>
          {trans.__('Name of the person')}
          <input
            type="text"
            dir="auto"
            maxLength={200}
            value={name}
            onChange={({ target: { value } }) => setName(value)}
          />
        </label>
      )}
      <button
        type="submit"
        className="jp-cv-Button"
        disabled={student === '' || target === ''}
      >
        {isSplit ? trans.__('Split') : trans.__('Merge')}
      </button>
      <span role="status">{said}</span>
      {problem && <span role="alert">{problem}</span>}
    </form>
  );
}

/** Sessions are split off the name under which they came: a person may have several names. */
function statementsOf(
  student: string,
  own: ReadonlyArray<AuditSession>,
  chosen: ReadonlySet<string>,
  person: string
): Array<{ student: string; sessions?: string[]; person: string }> {
  if (chosen.size === 0) {
    return [{ student, person }];
  }
  const byName = new Map<string, string[]>();
  for (const session of own.filter(each => chosen.has(keyOf(each)))) {
    const { claimed } = session;
    byName.set(claimed, [...(byName.get(claimed) ?? []), session.session]);
  }
  return [...byName].map(([claimed, sessions]) => ({
    student: claimed,
    sessions,
    person
  }));
}

function keyOf({ claimed, notebook, session }: AuditSession): string {
  return JSON.stringify([claimed, notebook, session]);
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) {
    next.add(key);
  }
  return next;
}
