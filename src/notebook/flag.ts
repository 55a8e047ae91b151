import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';
import { PathExt } from '@jupyterlab/coreutils';

/** The key of the flag in the notebook's metadata. */
export const FLAG = 'ipynb_telemetry';

/** What a notebook's metadata says of telemetry. */
export type Flag =
  | {
      readonly enabled: true;
      readonly notebook: string;
      /** The course that the notebook is of; undefined: the folder tells. */
      readonly course?: string;
    }
  | { readonly enabled: false; readonly problem?: string };

/** What `ipynb_telemetry` holds when it is well formed. */
const FIELDS = new Set(['enabled', 'notebook', 'course']);
/** The most characters of a notebook id. */
export const MAX_ID_LENGTH = 200;

/** The warnings about malformed flags that were given. */
const warned = new Set<string>();

/** Why a text will not do as a notebook id, or null when it will. */
export function refuseNotebookId(id: string): string | null {
  if (id.trim() === '') {
    return 'must not be empty';
  }
  // Whole characters, as the kernel side counts them.
  if ([...id].length > MAX_ID_LENGTH) {
    return `must have at most ${MAX_ID_LENGTH} characters`;
  }
  if (/[\u0000-\u001f\u007f/\\]/.test(id)) {
    return 'must not contain slashes or control characters';
  }
  return /\p{Surrogate}/u.test(id) ? 'must be valid text' : null;
}

/** The file's name without its suffix. */
export function defaultNotebookId(path: string): string {
  return PathExt.basename(path, PathExt.extname(path));
}

/**
 * Read the flag. This is part of the small chunk that every page loads, hence
 * by hand and not with zod.
 *
 * @param value - `metadata.ipynb_telemetry`, which may be anything
 * @param path - the notebook's path, for the default id
 */
export function readFlag(value: unknown, path: string): Flag {
  if (value === undefined) {
    return { enabled: false };
  }
  const malformed = (problem: string): Flag => ({
    enabled: false,
    problem: FLAG + problem
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed(' must be an object');
  }
  const { enabled, notebook, course } = value as Record<string, unknown>;
  const unknown = Object.keys(value).find(key => !FIELDS.has(key));
  if (unknown !== undefined) {
    return malformed(`.${unknown} is not known`);
  }
  if (typeof enabled !== 'boolean') {
    return malformed('.enabled must be true or false');
  }
  if (notebook !== undefined && typeof notebook !== 'string') {
    return malformed('.notebook must be a text');
  }
  const id = notebook ?? defaultNotebookId(path);
  const refusal = refuseNotebookId(id);
  if (refusal !== null) {
    return malformed(`.notebook ${refusal}`);
  }
  if (course !== undefined && typeof course !== 'string') {
    return malformed('.course must be a text');
  }
  const courseRefusal = course === undefined ? null : refuseNotebookId(course);
  if (courseRefusal !== null) {
    return malformed(`.course ${courseRefusal}`);
  }
  return enabled
    ? { enabled, notebook: id, ...(course === undefined ? {} : { course }) }
    : { enabled };
}

/** The flag of an open document; a malformed one is reported once. */
export function flagOf(
  context: DocumentRegistry.IContext<INotebookModel>
): Flag {
  const flag = readFlag(context.model.getMetadata(FLAG), context.localPath);
  if (!flag.enabled && flag.problem) {
    const warning = `ipynb-telemetry: telemetry is off for ${context.path}: ${flag.problem}`;
    if (!warned.has(warning)) {
      warned.add(warning);
      console.warn(warning);
    }
  }
  return flag;
}

/** Whether the flag says no, however malformed it is otherwise. */
export function isTurnedOff(
  context: DocumentRegistry.IContext<INotebookModel>
): boolean {
  const value: unknown = context.model.getMetadata(FLAG);
  return (value as { enabled?: unknown } | null | undefined)?.enabled === false;
}
