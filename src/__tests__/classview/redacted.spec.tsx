import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { ReactWidget } from '@jupyterlab/apputils';
import * as React from 'react';
import { Redacted } from '../../classview/parts/redacted';
import { until } from '../fakes';

describe('Redacted', () => {
  it.each([
    [1, '1 secret was taken out'],
    [3, '3 secrets were taken out'],
    [0, ''],
    [undefined, '']
  ])('says of %j “%s”', async (count, words) => {
    const widget = ReactWidget.create(
      <p>
        <Redacted count={count} />
      </p>
    );
    Widget.attach(widget, document.body);
    MessageLoop.sendMessage(widget, Widget.Msg.UpdateRequest);
    await until(() => widget.node.querySelector('p') !== null);
    expect(widget.node.textContent?.trim()).toBe(words);
    widget.dispose();
  });
});
