import type { IWireEvent } from '../../delivery/wire';
import { saveUndelivered } from '../../ui/undelivered';
import { wireEvent } from '../deliverystage';
import { FakeRuntime } from '../plugins/fakeruntime';

describe('saveUndelivered', () => {
  const createObjectURL = jest.fn((_blob: Blob) => 'blob:test');
  const revokeObjectURL = jest.fn();

  beforeEach(() => {
    jest.useFakeTimers({ now: Date.UTC(2024, 0, 2, 3, 4, 5) });
    Object.assign(URL, { createObjectURL, revokeObjectURL });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('saves what waits and what was refused of this student as JSON', async () => {
    const links: HTMLAnchorElement[] = [];
    jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function (this: HTMLAnchorElement) {
        // The file must still be there.
        expect(revokeObjectURL).not.toHaveBeenCalled();
        links.push(this);
      });
    const { delivery } = new FakeRuntime();
    const refused = (
      event: IWireEvent
    ): { event: IWireEvent; reason: string } => ({
      event,
      reason: '400 Bad Request'
    });
    const other = { distinct_id: 'MARY_ROE' };
    const [a, b] = [wireEvent('a'), wireEvent('b')];
    delivery.undelivered.mockResolvedValue({
      waiting: [{ ...wireEvent('c'), ...other }, a],
      setAside: [refused(b), refused({ ...wireEvent('d'), ...other })]
    });
    await saveUndelivered(delivery, a.distinct_id);
    await saveUndelivered(delivery, undefined);

    jest.advanceTimersByTime(60_000);
    expect(revokeObjectURL).toHaveBeenCalledWith('blob:test');

    const [{ href, download }] = links;
    expect(href).toBe('blob:test');
    expect(download).toMatch(/\.json$/);
    const [[own], [nobodys]] = createObjectURL.mock.calls;
    expect(own.type).toBe('application/json');
    const exported_at = '2024-01-02T03:04:05.000Z';
    expect(JSON.parse(await read(own))).toEqual({
      exported_at,
      waiting: [a],
      set_aside: [refused(b)],
      of_other_students: 2
    });
    expect(JSON.parse(await read(nobodys))).toEqual({
      exported_at,
      waiting: [],
      set_aside: [],
      of_other_students: 4
    });
  });

  /** As jsdom can. */
  function read(blob: Blob): Promise<string> {
    jest.useRealTimers();
    return new Promise(resolve => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as string);
      reader.readAsText(blob);
    });
  }
});
