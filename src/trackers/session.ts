import { DisposableDelegate, DisposableSet } from '@lumino/disposable';
import { SignListener } from './signlistener';
import type { ITrackerContext, TrackerFactory } from './tracker';

/**
 * The first and the last event of a session: this tracker is the first to
 * start and, since the others are disposed before it, the last to stop.
 */
export const sessionTracker: TrackerFactory = context => {
  // The clock of the timestamps goes on though the machine sleeps.
  const startedAt = Date.now();
  const signs = context.views.each(
    view => new SignListener(view, () => context.work())
  );
  context.record({
    name: 'session_started',
    properties: {
      ...kernelOf(context),
      cell_count: context.model.cells.length,
      app: context.application.app,
      app_version: context.application.version,
      extension_version: context.application.extensionVersion,
      ...(context.shownName === undefined
        ? {}
        : { student_name: context.shownName })
    }
  });
  return DisposableSet.from([
    signs,
    new DisposableDelegate(() =>
      context.record({
        name: 'session_ended',
        properties: { duration_ms: Math.max(0, Date.now() - startedAt) }
      })
    )
  ]);
};

/** The kernel at work or, while it is still starting, the one the notebook asks for. */
function kernelOf({ sessionContext, model }: ITrackerContext): {
  kernel: string;
  language: string;
} {
  const { kernelPreference, session, specsManager } = sessionContext;
  // The preference is made from the notebook only after that is ready.
  const kernel =
    session?.kernel?.name ?? (kernelPreference.name || model.defaultKernelName);
  return {
    kernel,
    language:
      specsManager.specs?.kernelspecs[kernel]?.language ??
      model.defaultKernelLanguage
  };
}
