import { executionTracker } from './execution/execution';
import { focusTracker } from './focus';
import { kernelEventTracker } from './kernel/kernelevent';
import { nbgraderTracker } from './nbgrader';
import { pasteTracker } from './paste/paste';
import { sessionTracker } from './session';
import { solutionPeekTracker } from './solutionpeek';
import type { TrackerFactory } from './tracker';

export { executionTracker };

/** In the order they start; they stop in the opposite order. */
export const TRACKERS: ReadonlyArray<TrackerFactory> = [
  sessionTracker,
  // Around the one whose events it hears.
  nbgraderTracker,
  executionTracker,
  kernelEventTracker,
  solutionPeekTracker,
  focusTracker,
  pasteTracker
];
