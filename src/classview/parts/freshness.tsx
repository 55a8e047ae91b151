import * as React from 'react';
import { useTrans } from '../trans';
import { durationText, momentText } from './format';
import { useModel } from './usemodel';

/** How old what is on the screen may be, always in sight; and that the server is away. */
export function Freshness(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const [now, setNow] = React.useState(Date.now);
  React.useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const { updatedAt, away, isBuilding, address } = model;
  const isPast = address.untilMs !== null || address.atMs !== null;
  const age = Math.max(0, now - (updatedAt ?? now));
  const until = address.atMs ?? address.untilMs;
  return (
    <div className="jp-cv-Freshness">
      <span role="status">
        {away &&
          (updatedAt === null
            ? away
            : trans.__(
                '%1. What you see is of %2.',
                away,
                momentText(updatedAt, now)
              ))}
        {isBuilding &&
          trans.__('Figures are being built from the stored events.')}
      </span>
      {!away && (
        <span>
          <span aria-hidden="true">{isPast ? '◷ ' : '● '}</span>
          {updatedAt === null
            ? trans.__('asking the server …')
            : isPast
              ? trans.__('as it was at %1', momentText(until, now))
              : trans.__('live, updated %1 ago', durationText(age, trans))}
        </span>
      )}
    </div>
  );
}
