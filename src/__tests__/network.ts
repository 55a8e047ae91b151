/**
 * Every way out of a page, watched. To be imported before what is to be
 * watched: libraries keep the `fetch` they find when they are loaded.
 */
export const network = {
  fetch: jest.fn(() => new Promise<Response>(() => undefined)),
  beacon: jest.fn(() => true),
  xhr: jest.spyOn(XMLHttpRequest.prototype, 'send').mockReturnValue()
};

Object.assign(window, { fetch: network.fetch });
Object.assign(navigator, { sendBeacon: network.beacon });
