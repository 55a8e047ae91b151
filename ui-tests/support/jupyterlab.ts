import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VENV } from './server';

const FOLDER = join(VENV, 'share', 'jupyter', 'lab');

/** Whether the JupyterLab under test is of that version or newer. */
export function labSince(major: number, minor: number): boolean {
  const { jupyterlab } = read<{ jupyterlab: { version: string } }>(
    'static/package.json'
  );
  const [ours, minorOfOurs] = jupyterlab.version.split('.').map(Number);
  return ours > major || (ours === major && minorOfOurs >= minor);
}

/** The values that a setting of the JupyterLab under test may have. */
export function settingValues(plugin: string, setting: string): string[] {
  const { properties } = read<{ properties: Record<string, ISetting> }>(
    `schemas/${plugin.replace(':', '/')}.json`
  );
  const { enum: values, oneOf = [] } = properties[setting];
  return values ?? oneOf.map(value => value.const);
}

/** A setting with a choice of values, in an older schema or in one with a title for each. */
interface ISetting {
  enum?: string[];
  oneOf?: { const: string }[];
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as T;
}
