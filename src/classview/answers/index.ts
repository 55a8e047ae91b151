import type * as z from 'zod/mini';
import { audit } from './audit';
import { cell } from './cell';
import { claims } from './claims';
import { engagement } from './engagement';
import { errors } from './errors';
import { exercises } from './exercises';
import { frontier } from './frontier';
import { needs } from './needs';
import { overview } from './overview';
import { peeks } from './peeks';
import { people } from './people';
import { progress } from './progress';
import { student } from './student';
import { students } from './students';
import { time } from './time';

/** Every answer that the server gives, by its name. */
export const ANSWERS = {
  overview,
  needs,
  progress,
  frontier,
  errors,
  exercises,
  time,
  peeks,
  engagement,
  audit,
  students,
  claims,
  people,
  student,
  cell
};

export type AnswerName = keyof typeof ANSWERS;
export type ResultOf<N extends AnswerName> = z.infer<(typeof ANSWERS)[N]>;
