import type { IWireEvent } from '../delivery/wire';
import type { ITelemetryModel } from './model';

/**
 * Save what a student caused that is not delivered as a file, as JSON for
 * whoever can send it on. On a shared computer the others' is only counted:
 * it is saved under their names.
 *
 * @param isShared - whether only events of this page are saved, since somebody else
 * may have given the same name before
 */
export async function saveUndelivered(
  delivery: ITelemetryModel.IDelivery,
  studentId: string | undefined,
  isShared = false
): Promise<void> {
  const all = await delivery.undelivered();
  const here = new Set(
    [...delivery.log.entries].map(({ payload }) => payload.uuid)
  );
  const isOwn = (event: IWireEvent): boolean =>
    event.distinct_id === studentId && (!isShared || here.has(event.uuid));
  const waiting = all.waiting.filter(isOwn);
  const setAside = all.setAside.filter(({ event }) => isOwn(event));
  const text = JSON.stringify(
    {
      exported_at: new Date().toISOString(),
      waiting,
      set_aside: setAside,
      of_other_students:
        all.waiting.length +
        all.setAside.length -
        waiting.length -
        setAside.length
    },
    undefined,
    2
  );
  const url = URL.createObjectURL(
    new Blob([text], { type: 'application/json' })
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = 'ipynb-telemetry-undelivered.json';
  link.click();
  // The address is taken back later: the browser still reads the file.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
