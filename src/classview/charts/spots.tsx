import * as React from 'react';
import type { IAddress } from '../model/address';
import { NOTHING_OPEN } from '../model/address';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { spotBeside } from './spotbeside';

/** A place of a chart, which opens what it is made of. */
export interface ISpot {
  /** In pixels of the chart. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** What is there. */
  readonly words: string;
  readonly target: Partial<IAddress>;
}

/** The places of a chart that can be opened: one stop of the keyboard, arrow keys go between them. */
export function Spots(props: {
  readonly spots: ReadonlyArray<ISpot>;
}): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { spots } = props;
  const node = React.useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = React.useState(0);
  const active = Math.min(chosen, spots.length - 1);
  const open = React.useCallback(
    (target: Partial<IAddress>) => model.go({ ...NOTHING_OPEN, ...target }),
    [model]
  );
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const next = spotBeside(spots, active, event.key);
    if (next !== null) {
      event.preventDefault();
      event.stopPropagation();
      setChosen(next);
      node.current?.querySelectorAll('button')[next].focus();
    }
  };
  return (
    <div
      className="jp-cv-Spots"
      role="group"
      aria-label={trans.__('Open what a part of the chart is made of')}
      ref={node}
      onKeyDown={onKeyDown}
    >
      {spots.map((spot, index) => (
        <Spot
          key={index}
          spot={spot}
          index={index}
          isActive={index === active}
          choose={setChosen}
          open={open}
        />
      ))}
    </div>
  );
}

/** A place, drawn again only when it is another: a chart of a large class has thousands. */
const Spot = React.memo(function Spot(props: {
  readonly spot: ISpot;
  readonly index: number;
  /** Whether it is the stop of the keyboard. */
  readonly isActive: boolean;
  readonly choose: (index: number) => void;
  readonly open: (target: Partial<IAddress>) => void;
}): React.JSX.Element {
  const { spot, index, isActive, choose, open } = props;
  const { words, target, ...place } = spot;
  return (
    <button
      type="button"
      className="jp-cv-Spot"
      aria-label={words}
      title={words}
      tabIndex={isActive ? 0 : -1}
      style={place}
      onFocus={() => choose(index)}
      onClick={() => open(target)}
    />
  );
});
