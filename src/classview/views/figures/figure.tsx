import * as React from 'react';
import type { Figure } from '../../model/address';
import { ActiveTimes } from './activetimes';
import { AwayShares } from './awayshares';
import { HereNow } from './herenow';
import { PresentThen } from './presentthen';
import { RosterStudents } from './rosterstudents';
import { SolvedExercises } from './solvedexercises';

const LISTS: Readonly<
  Record<Figure, React.ComponentType<{ readonly figure: Figure }>>
> = {
  here: HereNow,
  absent: HereNow,
  roster: RosterStudents,
  done: SolvedExercises,
  untried: SolvedExercises,
  solved: SolvedExercises,
  active: ActiveTimes,
  away: AwayShares,
  present: PresentThen
};

/** The students whom a figure of the class is made of, each with what counts in it. */
export function FigureView(props: {
  readonly figure: Figure;
}): React.JSX.Element {
  const List = LISTS[props.figure];
  return <List figure={props.figure} />;
}
