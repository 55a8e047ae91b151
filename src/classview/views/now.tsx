import * as React from 'react';
import { DeliveryLine } from './deliveryline';
import { ErrorsNow } from './errorsnow';
import { FrontierView } from './frontier';
import { NeedsView } from './needs';
import { Split } from './split';

/** Who needs the instructor now, where the class is, its errors, and whether all of it arrives. */
export function NowView(): React.JSX.Element {
  return (
    <Split>
      <div className="jp-cv-Now">
        <NeedsView />
        <FrontierView />
        <ErrorsNow />
        <DeliveryLine />
      </div>
    </Split>
  );
}
