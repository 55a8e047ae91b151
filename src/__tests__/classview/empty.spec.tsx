import { ReactWidget } from '@jupyterlab/apputils';
import { MessageLoop } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import type { ClassModel } from '../../classview/model/model';
import { ModelProvider } from '../../classview/parts/usemodel';
import { Empty } from '../../classview/views/empty';
import { until } from '../fakes';

let widget: ReactWidget;

async function show(posthog: string): Promise<HTMLElement> {
  const overview = { posthog, class_collector: '', events: 0 };
  const model = { version: 1, overview, address: {} };
  const changed = new Signal<object, void>(model);
  widget = ReactWidget.create(
    <ModelProvider value={{ ...model, changed } as unknown as ClassModel}>
      <Empty />
    </ModelProvider>
  );
  Widget.attach(widget, document.body);
  MessageLoop.sendMessage(widget, Widget.Msg.UpdateRequest);
  await until(() => widget.node.querySelector('section') !== null);
  return widget.node;
}

afterEach(() => widget.dispose());

it('leads to the PostHog that events go to, and names the command of its dashboard', async () => {
  const node = await show('https://eu.posthog.com');
  expect(node.querySelector('h2')?.textContent).toBe(
    'Events go to PostHog, and not here'
  );
  const link = node.querySelector('a');
  expect(link?.textContent).toBe('Open eu.posthog.com');
  expect(link?.getAttribute('href')).toBe('https://eu.posthog.com');
  expect(link?.rel).toBe('noopener noreferrer');
  expect(node.querySelector('pre')?.textContent).toBe(
    'jupyter telemetry posthog provision --project NUMBER --host https://eu.posthog.com'
  );
});

it('leads to an origin only, whatever it is told', async () => {
  const node = await show('https://ph.school.example/p?key=phc_secret#x');
  expect(node.querySelector('a')?.getAttribute('href')).toBe(
    'https://ph.school.example'
  );
  expect(node.innerHTML).not.toContain('phc_secret');
});

it('leads nowhere where events come here', async () => {
  const node = await show('');
  expect(node.querySelector('h2')?.textContent).toBe('No event has come yet');
  expect(node.querySelector('a')).toBeNull();
});
