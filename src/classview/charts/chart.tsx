import * as React from 'react';
import { Problem } from '../parts/problem';
import { useTrans } from '../trans';
import type { IPart } from './key';
import { Key } from './key';
import type { ISpot } from './spots';
import { Spots } from './spots';

/** Observable Plot, as it is loaded with the first chart. */
export type Plot = typeof import('./plot');

/** A chart as it was drawn. */
export interface IDrawn {
  readonly chart: SVGElement | HTMLElement;
  /** What colours mean, in the order in which they stand in a bar. */
  readonly key?: ReadonlyArray<IPart>;
  /** What can be opened from it. */
  readonly spots?: ReadonlyArray<ISpot>;
}

/** Draws a chart of data, as wide as there is room. */
export type Draw<T> = (
  plot: Plot,
  data: T,
  width: number,
  trans: ReturnType<typeof useTrans>
) => IDrawn;

/** A chart, with what it shows in words. */
export function Chart<T>(props: {
  readonly label: string;
  readonly draw: Draw<T>;
  readonly data: T;
}): React.JSX.Element {
  const { label, draw, data } = props;
  const trans = useTrans();
  const node = React.useRef<HTMLDivElement>(null);
  const [plot, setPlot] = React.useState<Plot | null>(null);
  const [problem, setProblem] = React.useState('');
  const [width, setWidth] = React.useState(0);
  const [drawn, setDrawn] = React.useState<IDrawn | null>(null);
  React.useEffect(() => {
    import('./plot').then(setPlot, () =>
      setProblem(trans.__('The chart could not be loaded. Reload the page.'))
    );
  }, [trans]);
  React.useLayoutEffect(() => {
    const observer = new ResizeObserver(() =>
      setWidth(node.current?.clientWidth ?? 0)
    );
    observer.observe(node.current!);
    return () => observer.disconnect();
  }, []);
  React.useLayoutEffect(() => {
    if (plot && width > 0) {
      const made = draw(plot, data, width, trans);
      // The page's policy forbids style elements: these rules are in our own sheet.
      made.chart.querySelectorAll('style').forEach(style => style.remove());
      made.chart.setAttribute('aria-hidden', 'true');
      node.current?.replaceChildren(made.chart);
      setDrawn(made);
    }
  }, [plot, draw, data, width, trans]);
  return (
    <div className="jp-cv-Chart">
      {drawn?.key && <Key parts={drawn.key} />}
      <div className="jp-cv-Chart-drawing">
        <div role="img" aria-label={label} ref={node} />
        {drawn?.spots && drawn.spots.length > 0 && (
          <Spots spots={drawn.spots} />
        )}
      </div>
      <Problem text={problem} />
    </div>
  );
}
