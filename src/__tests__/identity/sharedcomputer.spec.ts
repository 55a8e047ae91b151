import {
  beginsBrowserSession,
  SharedComputer
} from '../../identity/sharedcomputer';

const MINUTE = 60_000;
let idle: jest.Mock;
let shared: SharedComputer;

function start(): SharedComputer {
  idle = jest.fn();
  return new SharedComputer({
    scope: 'here',
    storage: localStorage,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    idle
  });
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  jest.useFakeTimers();
  shared = start();
});

afterEach(() => {
  shared.dispose();
  jest.useRealTimers();
});

describe('SharedComputer', () => {
  it('tells of half an hour without a sign of work, once', () => {
    jest.advanceTimersByTime(29 * MINUTE);
    window.dispatchEvent(new Event('keydown'));
    jest.advanceTimersByTime(29 * MINUTE);
    expect(idle).not.toHaveBeenCalled();
    jest.advanceTimersByTime(2 * MINUTE);
    expect(idle).toHaveBeenCalledTimes(1);
  });

  it('tells of it with the first sign of a computer that slept', () => {
    jest.setSystemTime(Date.now() + 40 * MINUTE);
    expect(idle).not.toHaveBeenCalled();
    window.dispatchEvent(new Event('pointermove'));
    expect(idle).toHaveBeenCalledTimes(1);
  });

  it('counts the signs that another page saw', () => {
    jest.advanceTimersByTime(20 * MINUTE);
    localStorage.setItem('ipynb-telemetry:working:here', String(Date.now()));
    jest.advanceTimersByTime(20 * MINUTE);
    expect(idle).not.toHaveBeenCalled();
    // A time to come is none that a page has written.
    localStorage.setItem('ipynb-telemetry:working:here', '99999999999999');
    jest.advanceTimersByTime(11 * MINUTE);
    expect(idle).toHaveBeenCalledTimes(1);
  });

  it('is silent once it is disposed', () => {
    shared.dispose();
    jest.advanceTimersByTime(60 * MINUTE);
    window.dispatchEvent(new Event('keydown'));
    expect(idle).not.toHaveBeenCalled();
  });
});

describe('a browser session', () => {
  it('begins with the first page, and not with one that is loaded anew', async () => {
    expect(await beginsBrowserSession('here')).toBe(true);
    expect(await beginsBrowserSession('here')).toBe(false);
    expect(await beginsBrowserSession('there')).toBe(true);
  });

  it('goes on while another page holds its lock', async () => {
    const locks = {
      query: () =>
        Promise.resolve({ held: [{ name: 'ipynb-telemetry:page:here' }] }),
      request: jest.fn(() => Promise.resolve())
    };
    Object.defineProperty(navigator, 'locks', {
      value: locks,
      configurable: true
    });
    expect(await beginsBrowserSession('here')).toBe(false);
    expect(locks.request).toHaveBeenCalledTimes(1);
    Reflect.deleteProperty(navigator, 'locks');
  });
});
