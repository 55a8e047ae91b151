// The demo course of npm start: a copy of the examples, in which a student's work is kept.
import {
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync
} from 'node:fs';
import { join } from 'node:path';

const same = (one, other) =>
  existsSync(other) && readFileSync(one).equals(readFileSync(other));

/** Copies to `course` the examples that are new or were not touched there, as `given` remembers them. */
export function copyExamples(examples, course, given) {
  for (const name of readdirSync(examples, { recursive: true })) {
    const [source, copy, before] = [examples, course, given].map(folder =>
      join(folder, name)
    );
    if (
      statSync(source).isFile() &&
      (!existsSync(copy) || same(copy, before) || same(copy, source))
    ) {
      cpSync(source, copy);
      cpSync(source, before);
    }
  }
}
