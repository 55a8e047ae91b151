/** What an answer is asked about; the server leaves nothing out where a part is empty. */
export interface IQuestion {
  /** Ids; none: all notebooks. */
  readonly notebooks: ReadonlyArray<string>;
  readonly group: string | null;
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  readonly simulated: boolean;
}

/** The question as the server reads it, with what a single answer needs besides. */
export function queryOf(
  question: IQuestion,
  more: Readonly<Record<string, string>> = {}
): string {
  const query = new URLSearchParams();
  question.notebooks.forEach(id => query.append('notebook', id));
  if (question.group !== null) {
    query.set('group', question.group);
  }
  if (question.sinceMs !== null) {
    query.set('since', new Date(question.sinceMs).toISOString());
  }
  if (question.untilMs !== null) {
    query.set('until', new Date(question.untilMs).toISOString());
  }
  if (question.simulated) {
    query.set('simulated', '1');
  }
  Object.entries(more).forEach(([name, value]) => query.set(name, value));
  return query.toString();
}
