import { executionTracker } from './execution/execution';
import { focusTracker } from './focus';
import { kernelEventTracker } from './kernel/kernelevent';
import { nbgraderTracker } from './nbgrader';
import { pasteTracker } from './paste/paste';
import { sessionTracker } from './session';
import { solutionPeekTracker } from './solutionpeek';
import type { ITracker } from './tracker';

/** The trackers in the order they start; they stop in the opposite order. */
export const TRACKERS: ReadonlyArray<ITracker> = [
  { start: sessionTracker },
  // Starts before the tracker of runs, whose events it hears, and stops after it.
  { start: nbgraderTracker },
  // A run that ends in the next session is told there.
  { start: executionTracker, outlivesSession: true },
  { start: kernelEventTracker },
  { start: solutionPeekTracker },
  { start: focusTracker },
  { start: pasteTracker }
];
