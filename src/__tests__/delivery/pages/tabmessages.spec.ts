import { row } from '../../deliverystage';
import type { TabMessage } from '../../../delivery/pages/tabs';
import { TabsStage } from './tabsstage';

const stage = new TabsStage();
const { open } = stage;

describe('messages', () => {
  const received = (): TabMessage[] => {
    const all: TabMessage[] = [];
    const [tabs] = open();
    tabs.onMessage = message => all.push(message);
    return all;
  };

  it.each<TabMessage>([
    { kind: 'added' },
    { kind: 'send_now' },
    { kind: 'moved' },
    { kind: 'left', rows: [row('a')] },
    { kind: 'delivered', uuids: ['a', 'b'] },
    { kind: 'dropped', uuids: ['a', 'b'] },
    { kind: 'set_aside', uuid: 'a', reason: '400' },
    { kind: 'relay', answer: { waiting: 1 } },
    { kind: 'state', problem: '401', nextAttempt: 5 },
    { kind: 'state', problem: null, nextAttempt: null }
  ])('reach the other pages: %j', message => {
    const mine = received();
    const theirs = received();
    stage.opened[0].post(message);
    expect(theirs).toEqual([message]);
    expect(mine).toEqual([]);
  });

  it('that ask for the lead concern nobody else', () => {
    const all = received();
    stage.channel.postMessage({ kind: 'front' });
    expect(all).toEqual([]);
  });

  it.each<unknown>([
    null,
    undefined,
    'added',
    7,
    {},
    { kind: 'unknown' },
    { kind: 'left' },
    { kind: 'left', rows: 'x' },
    { kind: 'left', rows: [null] },
    { kind: 'left', rows: [{ uuid: 'a' }] },
    { kind: 'left', rows: [{ uuid: 7, json: '{}' }] },
    { kind: 'left', rows: [{ uuid: 'a', json: '{}' }] },
    // Joined into a request as it is, this row would be more than an event.
    {
      kind: 'left',
      rows: [
        {
          uuid: 'a',
          json: `${row('a').json}],"api_key":"x","batch":[${row('a').json}`
        }
      ]
    },
    { kind: 'delivered', uuids: [1] },
    { kind: 'delivered', uuids: { length: 1 } },
    { kind: 'dropped' },
    { kind: 'dropped', uuids: [null] },
    { kind: 'set_aside', uuid: 'a' },
    { kind: 'set_aside', reason: 'a' },
    { kind: 'state' },
    { kind: 'state', problem: 4, nextAttempt: null },
    { kind: 'state', problem: null, nextAttempt: 'soon' }
  ])('of another shape are ignored: %j', data => {
    const all = received();
    stage.channel.postMessage(data);
    expect(all).toEqual([]);
  });
});
