import { executionTracker } from './execution/execution';
import { focusTracker } from './focus';
import { kernelEventTracker } from './kernel/kernelevent';
import { nbgraderTracker } from './nbgrader';
import { pasteTracker } from './paste/paste';
import { sessionTracker } from './session';
import { solutionPeekTracker } from './solutionpeek';
import type { ITracker } from './tracker';

/** In the order they start; they stop in the opposite order. */
export const TRACKERS: ReadonlyArray<ITracker> = [
  { start: sessionTracker },
  // Around the runs, whose events it hears.
  { start: nbgraderTracker },
  // A run that ends in the next session is told there.
  { start: executionTracker, outlivesSession: true },
  { start: kernelEventTracker },
  { start: solutionPeekTracker },
  { start: focusTracker },
  { start: pasteTracker }
];
