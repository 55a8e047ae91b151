import * as React from 'react';
import { Frame } from './frame';
import type { IHost } from './host';
import type { ClassModel } from './model/model';
import { HostProvider, ModelProvider } from './parts/usemodel';
import type { Trans } from './trans';
import { TransProvider } from './trans';

/** The class view, for either place that it is shown in. */
export function ClassView(props: {
  readonly model: ClassModel;
  readonly host: IHost;
  readonly trans: Trans;
}): React.JSX.Element {
  return (
    <TransProvider value={props.trans}>
      <HostProvider value={props.host}>
        <ModelProvider value={props.model}>
          <Frame />
        </ModelProvider>
      </HostProvider>
    </TransProvider>
  );
}
