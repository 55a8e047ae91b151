import * as z from 'zod/mini';
import type { AnswerName, ResultOf } from '../answers';
import { ANSWERS } from '../answers';
import { envelope } from '../answers/common';
import type { Trans } from '../trans';
import type { IQuestion } from './question';
import { queryOf } from './question';

/** How a page reaches the server: the path is below `<base>/ipynb-telemetry/class/`. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** An answer, with what the server says about it. */
export interface IAnswer<N extends AnswerName> {
  readonly result: ResultOf<N>;
  readonly rev: number;
  readonly atMs: number;
  readonly isBuilding: boolean;
}

/** Why there is no answer, in words for a person. */
export class AnswerError extends Error {
  /** @param isAway - whether the server was not reached, or is not ready: the same question may do later */
  constructor(
    message: string,
    readonly isAway: boolean
  ) {
    super(message);
  }
}

const told = z.object({ message: z.string() });
const changed = z.object({ rev: z.int() });

/** Asks the server, and takes nothing for an answer that is none. */
export class ClassClient {
  constructor(
    private readonly _send: Send,
    private readonly _trans: Trans
  ) {}

  /**
   * Ask a question.
   *
   * @param more - arguments of this answer alone, such as `student`
   * @throws AnswerError
   */
  async ask<N extends AnswerName>(
    name: N,
    question: IQuestion,
    more: Readonly<Record<string, string>> = {}
  ): Promise<IAnswer<N>> {
    const response = await this._request(`${name}?${queryOf(question, more)}`);
    const body: unknown = await response.json().catch(() => null);
    const wrapped = z.safeParse(envelope, body);
    const result = z.safeParse(ANSWERS[name], wrapped.data?.result);
    if (!wrapped.success || !result.success) {
      const problem = (wrapped.error ?? result.error)?.issues[0];
      throw new AnswerError(
        this._trans.__(
          'The server’s answer “%1” is not what this view can read (%2). Are both of the same version? Reload the page after an upgrade.',
          name,
          problem?.path.join('.') || problem?.code
        ),
        false
      );
    }
    const { rev, at_ms: atMs, is_building: isBuilding } = wrapped.data;
    return { result: result.data as ResultOf<N>, rev, atMs, isBuilding };
  }

  /** @returns the store's revision if it is another one than `since`, else null */
  async changes(since: number): Promise<number | null> {
    const response = await this._request(`changes?since=${since}`);
    if (response.status === 204) {
      return null;
    }
    const body: unknown = await response.json().catch(() => null);
    const { data } = z.safeParse(changed, body);
    return data?.rev ?? -1;
  }

  /** Take a student's row from the list until there is something new. */
  async markSeen(row: {
    readonly student: string;
    readonly notebook: string;
    readonly exercise: string | null;
    readonly signal: string;
  }): Promise<void> {
    const { student, notebook, exercise, signal } = row;
    const body = JSON.stringify({ student, notebook, exercise, signal });
    await this._request('seen', { method: 'POST', body });
  }

  /**
   * Make a notebook the class's outline.
   *
   * @returns how many exercises it has
   */
  async saveOutline(notebook: string, cells: unknown): Promise<number> {
    const body = JSON.stringify({ notebook, cells });
    const response = await this._request('outline', { method: 'PUT', body });
    const { exercises } = (await response.json()) as { exercises?: unknown };
    return typeof exercises === 'number' ? exercises : 0;
  }

  /**
   * Say who is expected in the class, in place of what was said before.
   *
   * @param file - CSV, which the server reads
   * @returns how many members it has
   */
  async saveRoster(file: Blob): Promise<number> {
    const response = await this._request('roster', {
      method: 'PUT',
      body: file,
      headers: { 'Content-Type': 'text/csv' }
    });
    const { members } = (await response.json()) as { members?: unknown };
    return typeof members === 'number' ? members : 0;
  }

  /**
   * Say that what came under a name, or some sessions of it, is of another person,
   * or take such a statement back.
   */
  async sayWho(
    statement:
      | {
          readonly student: string;
          readonly sessions?: ReadonlyArray<string>;
          readonly person: string;
        }
      | { readonly undo: number }
  ): Promise<void> {
    const body = JSON.stringify(statement);
    await this._request('person', { method: 'POST', body });
  }

  private async _request(path: string, init?: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await this._send(path, init);
    } catch {
      throw new AnswerError(this._trans.__('The server is away'), true);
    }
    if (response.ok) {
      return response;
    }
    const body: unknown = await response.json().catch(() => null);
    const { data } = z.safeParse(told, body);
    throw this._refusal(response.status, data?.message, !init?.method);
  }

  private _refusal(
    status: number,
    message: string | undefined,
    isQuestion: boolean
  ): AnswerError {
    const trans = this._trans;
    // A class collector says what to do when its login has ended.
    if (status === 401 && message !== undefined) {
      return new AnswerError(message, false);
    }
    if (status === 401 || status === 403) {
      return new AnswerError(
        isQuestion
          ? trans.__(
              'This server does not let you read the class (%1). Whoever runs the server can allow you to: “read” on “ipynb_telemetry”.',
              status
            )
          : trans.__(
              'This server does not let you change anything of the class (%1). Whoever runs the server can allow you to: “read” and “write” on “ipynb_telemetry”.',
              status
            ),
        false
      );
    }
    if (status >= 500) {
      return new AnswerError(
        trans.__('The server is away (%1)', message ?? status),
        true
      );
    }
    return new AnswerError(
      // Of what was said the server's words name it.
      message && !isQuestion
        ? message
        : trans.__('The server refuses this: %1', message ?? status),
      false
    );
  }
}
