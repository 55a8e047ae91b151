import * as React from 'react';
import type { AnswerName } from '../answers';
import type { ICsvTable } from '../model/csv';
import type { IHeld, More } from '../model/held';
import type { ClassModel } from '../model/model';
import type { IHost } from '../host';

const ModelContext = React.createContext<ClassModel | null>(null);
const HostContext = React.createContext<IHost>({});

/** Gives the model to all below. */
export const ModelProvider = ModelContext.Provider;

/** Gives what the place can do to all below. */
export const HostProvider = HostContext.Provider;

/** What the place can do that the view is shown in. */
export function useHost(): IHost {
  return React.useContext(HostContext);
}

/** The model; whatever calls this is drawn again when the model changes. */
export function useModel(): ClassModel {
  const model = React.useContext(ModelContext)!;
  React.useSyncExternalStore(
    React.useCallback(
      follow => {
        model.changed.connect(follow);
        return () => model.changed.disconnect(follow);
      },
      [model]
    ),
    () => model.version
  );
  return model;
}

/** An answer, kept fresh as long as the caller is on the screen. */
export function useAnswer<N extends AnswerName>(
  name: N,
  more: More = {}
): IHeld<N> {
  const model = useModel();
  const key = JSON.stringify(more);
  React.useEffect(
    () => model.want(name, JSON.parse(key) as More),
    [model, name, key]
  );
  return model.get(name, more);
}

/** Say which table is on the screen, to be saved when somebody asks. */
export function useCsv(table: () => ICsvTable): void {
  const model = React.useContext(ModelContext)!;
  React.useEffect(() => {
    model.csv = table;
    return () => {
      if (model.csv === table) {
        model.csv = null;
      }
    };
  });
}
