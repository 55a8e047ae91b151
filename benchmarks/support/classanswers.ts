/** A class of a size, as the server answers about it; made up, and the same each time. */
export class GeneratedClass {
  /**
   * @param students - how many
   * @param exercises - of one notebook
   * @param patch - rows and columns of progress that are others in each revision
   */
  constructor(
    private readonly _students: number,
    private readonly _exercises: number,
    private readonly _patch: readonly [number, number]
  ) {}

  /** Counted up for a class in which something happened. */
  rev = 1;

  /** How often the failing students of the patch have failed by now. */
  get fails(): number {
    return this.rev + 10;
  }

  /**
   * The answer of that name, as the server's text.
   *
   * @param student - whom a page of one is asked for
   */
  answer(name: string, student = ''): string {
    const results: Record<string, () => object> = {
      overview: () => this._overview(),
      progress: () => this._progress(),
      needs: () => this._needs(),
      frontier: () => this._frontier(),
      errors: () => ({ rows: [] }),
      student: () => this._student(student),
      engagement: () => ({ slots: [], students: [], away_share: null }),
      peeks: () => ({ exercises: [], peeks: [] }),
      audit: () => ({
        line: `every event of ${this._students} of ${this._students} sessions is here`,
        counts: { complete: 0, open: this._students, silent: 0, incomplete: 0 },
        sessions: []
      })
    };
    return JSON.stringify({
      answer: name,
      rev: this.rev,
      at_ms: Date.now(),
      is_building: false,
      since_ms: null,
      until_ms: null,
      result: results[name]()
    });
  }

  private _overview(): object {
    return {
      notebooks: [
        {
          notebook: 'D1',
          outline: 'saved',
          students: this._students,
          exercises: this._exercises,
          last_ms: Date.now()
        }
      ],
      groups: [],
      students: this._ids().map(student => ({
        student,
        name: student,
        group: '',
        is_staff: false,
        is_expected: true
      })),
      pauses: [],
      has_roster: true,
      has_simulated: false,
      events: this._students * this._exercises * 10,
      first_ms: null,
      retention_days: 0,
      posthog: '',
      class_collector: '',
      thresholds: { recent_minutes: 10, discriminating: 10 }
    };
  }

  private _progress(): object {
    const [rows, columns] = this._patch;
    const states = ['passed', 'tried', 'peeked', 'failing'];
    const cell = (row: number, column: number): object | null => {
      const isPatched = row < rows && column < columns;
      if (!isPatched && (row * 7 + column * 3) % 5 === 0) {
        return null;
      }
      return {
        state: isPatched ? 'failing' : states[(row + column) % 4],
        runs: 3,
        tries: 4,
        fails: isPatched ? this.fails : (row + column) % 4,
        active_ms: 90_000,
        last_ms: 1_800_000_000_000
      };
    };
    return {
      exercises: this._refs(),
      students: this._ids().map((student, row) => ({
        student,
        solved: row % this._exercises,
        last_ms: 1_800_000_000_000,
        active_ms: row * 60_000,
        spark: Array.from({ length: 12 }, (_, slot) => (row + slot) % 9),
        cells: this._refs().map((_, column) => cell(row, column))
      })),
      solved_share: this._refs().map((_, column) => 1 / (column + 1)),
      active: null
    };
  }

  private _student(student: string): object {
    return {
      student,
      figures: null,
      events: Array.from({ length: 200 }, (_, nth) => ({
        row: nth,
        uuid: `${student} ${nth}`,
        event: 'cell_executed',
        at_ms: 1_800_000_000_000 + nth * 1_000,
        ...this._refs()[0],
        properties: {
          cell_id: 'cell1',
          status: 'ok',
          code: `x = ${this.rev + nth}\nprint(x)`,
          output: student.repeat(20)
        }
      })),
      before: null
    };
  }

  private _needs(): object {
    const rows = this._ids()
      .slice(0, 10)
      .map((student, row) => ({
        student,
        ...this._refs()[0],
        signal: 'S3',
        reason: `${this.fails + row} tests failed in Exercise 1, none passed`,
        since_ms: Date.now(),
        last_ms: Date.now(),
        also: []
      }));
    const here = this._students;
    return { rows, seen: [], here, expected: here, not_started: 0 };
  }

  private _frontier(): object {
    const refs = this._refs();
    return {
      exercises: refs.map((ref, nth) => ({
        ...ref,
        here: nth + 1,
        solved: this.rev % (nth + 2)
      })),
      done: 0,
      not_started: 0,
      place: { n: this._students, q1: 1, median: 2, q3: 3 },
      over_time: Array.from({ length: 40 }, (_, nth) => ({
        at_ms: 1_800_000_000_000 + nth * 60_000,
        q1: nth / 20,
        median: nth / 15,
        q3: nth / 10 + (this.rev % 3),
        n: this._students
      }))
    };
  }

  private _ids(): string[] {
    return Array.from(
      { length: this._students },
      (_, nth) => `STUDENT_${String(nth + 1).padStart(3, '0')}`
    );
  }

  private _refs(): object[] {
    return Array.from({ length: this._exercises }, (_, nth) => ({
      notebook: 'D1',
      exercise: `exercise-${nth + 1}`,
      title: `Exercise ${nth + 1}`,
      cell_id: `cell${nth + 1}`
    }));
  }
}
