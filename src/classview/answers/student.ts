import * as z from 'zod/mini';
import { ms } from './common';
import { studentsRow } from './students';

/** All of a student in order, a page of it. */
export const student = z.object({
  student: z.string(),
  /** Null for somebody who is no student of this class, such as staff. */
  figures: z.nullable(studentsRow),
  /** The oldest first. */
  events: z.array(
    z.object({
      row: z.int(),
      uuid: z.string(),
      event: z.string(),
      at_ms: ms,
      notebook: z.string(),
      exercise: z.nullable(z.string()),
      title: z.nullable(z.string()),
      /** As it was stored: it may hold anything. */
      properties: z.record(z.string(), z.unknown())
    })
  ),
  /** What to ask for to get the events before these; null: there are none. */
  before: z.nullable(z.string())
});

export type Student = z.infer<typeof student>;
export type StudentEvent = Student['events'][number];
