import * as React from 'react';
import { directionOf } from '../direction';
import { Filters } from './parts/filters';
import { Problem } from './parts/problem';
import { Tabs } from './parts/tabs';
import { useAnswer, useModel } from './parts/usemodel';
import { DeliveryView } from './views/delivery';
import { Empty, isEmpty } from './views/empty';
import { ErrorsView } from './views/errors';
import { ExercisesView } from './views/exercises';
import { NowView } from './views/now';
import { ProgressView } from './views/progress';
import { StudentsView } from './views/students';
import type { Tab } from './model/address';
import { useTrans } from './trans';

const VIEWS: Readonly<Record<Tab, React.ComponentType>> = {
  now: NowView,
  progress: ProgressView,
  exercises: ExercisesView,
  errors: ErrorsView,
  students: StudentsView,
  delivery: DeliveryView
};

/** The class view: the filters, and a view at a time. */
export function Frame(): React.JSX.Element {
  const id = React.useId();
  const trans = useTrans();
  const model = useModel();
  const { tab, areNamesHidden } = model.address;
  const { result: overview, problem } = useAnswer('overview');
  const View = VIEWS[tab];
  const classes = ['jp-cv-Frame'];
  if (areNamesHidden) {
    classes.push('jp-cv-projected');
  }
  if (model.away) {
    classes.push('jp-cv-away');
  }
  return (
    <div className={classes.join(' ')} dir={directionOf(trans)}>
      <Filters />
      <Tabs id={id} />
      <div
        className="jp-cv-Panel"
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${tab}`}
      >
        <Problem text={problem} />
        {overview && (isEmpty(overview) ? <Empty /> : <View />)}
      </div>
    </div>
  );
}
