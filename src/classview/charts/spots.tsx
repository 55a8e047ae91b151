import * as React from 'react';
import type { IAddress } from '../model/address';
import { NOTHING_OPEN } from '../model/address';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { spotBeside } from './spotbeside';

/** A place of a chart from which the students are opened that the place is made of. */
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
      aria-label={trans.__('Open the students of a bar')}
      ref={node}
      onKeyDown={onKeyDown}
    >
      {spots.map(({ words, target, ...place }, index) => (
        <button
          key={index}
          type="button"
          className="jp-cv-Spot"
          aria-label={words}
          title={words}
          tabIndex={index === active ? 0 : -1}
          style={place}
          onFocus={() => setChosen(index)}
          onClick={() => model.go({ ...NOTHING_OPEN, ...target })}
        />
      ))}
    </div>
  );
}
