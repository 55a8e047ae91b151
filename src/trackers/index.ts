import { executionTracker } from './execution';
import { focusTracker } from './focus';
import { kernelEventTracker } from './kernelevent';
import { nbgraderTracker } from './nbgrader';
import { pasteTracker } from './paste';
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
