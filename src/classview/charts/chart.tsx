import * as React from 'react';
import { useTrans } from '../trans';
import { Problem } from '../parts/problem';

/** Observable Plot, as it is loaded with the first chart. */
export type Plot = typeof import('./plot');

/** Draws a chart of data, as wide as there is room. */
export type Draw<T> = (
  plot: Plot,
  data: T,
  width: number,
  trans: ReturnType<typeof useTrans>
) => SVGElement | HTMLElement;

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
      const svg = draw(plot, data, width, trans);
      // The page's policy forbids style elements: these rules are in our own sheet.
      svg.querySelectorAll('style').forEach(style => style.remove());
      svg.setAttribute('aria-hidden', 'true');
      node.current?.replaceChildren(svg);
    }
  }, [plot, draw, data, width, trans]);
  return (
    <>
      <div className="jp-cv-Chart" role="img" aria-label={label} ref={node} />
      <Problem text={problem} />
    </>
  );
}
