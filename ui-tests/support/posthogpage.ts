import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { freePort } from './port';

const DIST = dirname(require.resolve('posthog-js'));

/** How a page loads posthog-js, each as npm has it. */
const LOADING = {
  /** As an ES module, as a bundler takes it. */
  'module.mjs': (options: string) => `<script type="module">
      import posthog from '/module.mjs';
      posthog.init(...${options});
      window.posthog = posthog;
    </script>`,
  /** As a script that finds what the page wants in the calls that a stub has kept. */
  'array.js': (options: string) => `<script>
      window.posthog = Object.assign([], { _i: [${options}], __SV: 1 });
      window.posthog.people = [];
    </script>
    <script src="/array.js"></script>`
};

/** The builds of posthog-js that a page can load. */
export type Build = keyof typeof LOADING;

/** A site of its own origin, whose page has a form and posthog-js, and no Jupyter. */
export class PostHogPage {
  /**
   * Starts to serve the page.
   *
   * @param build - of posthog-js
   * @param key - given to posthog-js as its project's
   * @param options - of posthog-js, besides its defaults
   */
  static async start(
    build: Build,
    key: string,
    options: Record<string, unknown>
  ): Promise<PostHogPage> {
    const page = new PostHogPage(build, JSON.stringify([key, options]));
    page._port = await freePort();
    page._server.listen(page._port, '127.0.0.1');
    await once(page._server, 'listening');
    return page;
  }

  private constructor(
    private readonly _build: Build,
    private readonly _options: string
  ) {}

  /** The address of the page. */
  get url(): string {
    return `http://localhost:${this._port}/lesson.html`;
  }

  /** Stops serving. */
  async stop(): Promise<void> {
    this._server.closeAllConnections();
    this._server.close();
    await once(this._server, 'close');
  }

  private get _html(): string {
    return `<!doctype html>
<html lang="en">
  <head>
    <title>A lesson</title>
    <link rel="icon" href="data:," />
    ${LOADING[this._build](this._options)}
  </head>
  <body>
    <button>Check my answer</button>
    <a href="#next">Next</a>
  </body>
</html>`;
  }

  private _port = 0;
  private readonly _server = createServer((request, response) => {
    const isScript = request.url === `/${this._build}`;
    const content = isScript
      ? readFile(join(DIST, this._build))
      : Promise.resolve(this._html);
    content.then(
      body => {
        const type = isScript ? 'text/javascript' : 'text/html';
        response.setHeader('Content-Type', `${type}; charset=utf-8`);
        response.end(body);
      },
      (error: unknown) => {
        response.writeHead(500).end(String(error));
      }
    );
  });
}
