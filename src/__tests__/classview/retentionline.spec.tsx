import { MessageLoop } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { ReactWidget } from '@jupyterlab/apputils';
import * as React from 'react';
import type { ClassModel } from '../../classview/model/model';
import { ModelProvider } from '../../classview/parts/usemodel';
import { RetentionLine } from '../../classview/views/retentionline';
import { until } from '../fakes';

const CAME = Date.UTC(2026, 10, 29, 12);

async function words(first_ms: number | null, days: number): Promise<string> {
  const model = { version: 1, overview: { first_ms, retention_days: days } };
  const changed = new Signal<object, void>(model);
  const widget = ReactWidget.create(
    <div>
      <ModelProvider value={{ ...model, changed } as unknown as ClassModel}>
        <RetentionLine />
      </ModelProvider>
    </div>
  );
  Widget.attach(widget, document.body);
  MessageLoop.sendMessage(widget, Widget.Msg.UpdateRequest);
  await until(() => widget.node.querySelector('div') !== null);
  const text = widget.node.textContent ?? '';
  widget.dispose();
  return text;
}

describe('RetentionLine', () => {
  it('says until when events are kept', async () => {
    expect(await words(CAME, 30)).toBe(
      'Events are deleted 30 days after they came, the oldest on December 29, 2026.'
    );
    expect(await words(CAME, 1)).toContain('deleted 1 day after they came');
  });

  it('says that nothing deletes them', async () => {
    expect(await words(CAME, 0)).toBe(
      'Events are kept until somebody deletes them.'
    );
  });

  it('says nothing of a class without events', async () => {
    expect(await words(null, 30)).toBe('');
  });
});
