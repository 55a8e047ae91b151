import type { Send } from '../model/client';

/**
 * The way to the server that the page is from, by its cookie.
 *
 * @param base - the path of the page, which the answers lie below
 */
export function sendFromPage(base: string): Send {
  return (path, init = {}) => {
    const headers = new Headers(init.headers);
    const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1];
    if (xsrf !== undefined) {
      headers.set('X-XSRFToken', decodeURIComponent(xsrf));
    }
    return fetch(`${base.replace(/\/?$/, '/')}${path}`, {
      ...init,
      headers,
      credentials: 'same-origin',
      cache: 'no-store'
    });
  };
}
