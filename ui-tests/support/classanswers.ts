import type { Page } from '@playwright/test';
import type { AnswerName } from '../../src/classview/answers';
import type { IClassFixture } from '../../src/__tests__/classview/classfixture';
import {
  classOf,
  envelopeOf
} from '../../src/__tests__/classview/classfixture';

/** A class that the page is told of in the server's stead, as large as a test needs. */
export class ClassAnswers {
  /** Answer in the server's stead, all but the page and its files. */
  static async of(
    page: Page,
    students: number,
    exercises: number
  ): Promise<ClassAnswers> {
    const answers = new ClassAnswers(students, exercises);
    await page.route(/\/ipynb-telemetry\/class\/[a-z]+/, async route => {
      const url = new URL(route.request().url());
      const name = url.pathname.split('/').pop()!;
      if (answers.isAway) {
        await route.abort();
      } else if (name === 'changes') {
        const isNew = url.searchParams.get('since') !== String(answers._rev);
        await route.fulfill(
          isNew ? { json: { rev: answers._rev } } : { status: 204 }
        );
      } else {
        answers.given += 1;
        const known = name as AnswerName;
        const { [known]: result } = answers._class.answers;
        await route.fulfill({
          json: envelopeOf(known, result, Date.now(), answers._rev)
        });
      }
    });
    return answers;
  }

  private constructor(
    private readonly _students: number,
    private readonly _exercises: number
  ) {
    this.change();
  }

  /** Whether no request is answered. */
  isAway = false;
  /** How many answers were given. */
  given = 0;

  /** Let every student have done something else. */
  change(): void {
    this._rev += 1;
    this._class = classOf(
      this._students,
      this._exercises,
      Date.now(),
      this._rev
    );
  }

  private _rev = 0;
  private _class!: IClassFixture;
}
