import { BrowserTabs } from '../../../delivery/pages/browsertabs';
import type { ILeader } from '../../../delivery/pages/tabs';
import { FakeChannel, FakeLocks, show } from '../../browserfakes';
import { settled } from '../../deliverystage';

const NAME = 'ipynb-telemetry:test';

export class FakeLeader implements ILeader {
  /** Whether it sends. */
  isOn = false;
  /** Holds up its stop. */
  busy: Promise<void> = Promise.resolve();

  start(): void {
    this.isOn = true;
  }

  async stop(): Promise<void> {
    await this.busy;
    this.isOn = false;
  }
}

/** A browser whose pages share an outbox, made anew for each test. */
export class TabsStage {
  constructor() {
    beforeEach(() => {
      Object.assign(globalThis, { BroadcastChannel: FakeChannel });
      this.locks = new FakeLocks();
      Object.defineProperty(navigator, 'locks', {
        configurable: true,
        get: () => this.locks
      });
      this.error = jest.spyOn(console, 'error').mockReturnValue();
      this.opened = [];
      this.posted = [];
      show(true);
      this.channel = new FakeChannel(NAME);
      this.channel.addEventListener('message', event =>
        this.posted.push((event as MessageEvent).data)
      );
    });
    afterEach(async () => {
      await Promise.all(this.opened.map(tabs => tabs.close()));
      this.channel.close();
      await settled();
      expect(FakeChannel.open.size).toBe(0);
      expect(this.locks?.count ?? 0).toBe(0);
      expect(this.error).not.toHaveBeenCalled();
      jest.restoreAllMocks();
    });
  }

  locks: FakeLocks | undefined;
  opened: BrowserTabs[] = [];
  /** What is posted between the pages. */
  posted: unknown[] = [];
  /** A page of which the test plays the part. */
  channel!: FakeChannel;
  error!: jest.SpyInstance;

  readonly open = (name = NAME): [tabs: BrowserTabs, leader: FakeLeader] => {
    const [tabs, leader] = [new BrowserTabs(name), new FakeLeader()];
    this.opened.push(tabs);
    tabs.lead(leader);
    return [tabs, leader];
  };
}
