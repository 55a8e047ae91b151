import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { plain, type ICell, type INotebook } from './cells';
import type { IPlace } from './notebook';

/** The site that `npm test` builds. */
const SITE = resolve(
  __dirname,
  '../../node_modules/.cache/ipynb-telemetry/lite'
);

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm'
};

/** What an instructor puts into a site. */
export interface ILiteSiteOptions {
  /** Our settings, as `settingsOverrides` of `jupyter-lite.json`. */
  settings?: Record<string, unknown>;
  /** Its notebooks, by file name. */
  files: Record<string, INotebook>;
  /** Whether the extension is in its pages; true when left out. */
  hasExtension?: boolean;
  /** Whether Python has our package from the start, as by a lock file of the site's own. */
  hasPackage?: boolean;
}

const PYTHON_KERNEL = '@jupyterlite/pyodide-kernel-extension:kernel';

/** `jupyter-lite.json`, as far as it is changed here. */
interface ISiteConfig {
  'jupyter-config-data': Record<string, unknown> & {
    litePluginSettings: Record<string, object>;
  };
}

/**
 * A static web server on loopback with JupyterLite sites, each in a folder of
 * its own: files, and nothing that answers by itself.
 */
export class LiteServer {
  static async start(): Promise<LiteServer> {
    const server = new LiteServer();
    server._listener.listen(0, '127.0.0.1');
    await once(server._listener, 'listening');
    return server;
  }

  /** Every request that came, as `GET /folder/path`. */
  readonly requests: string[] = [];

  get origin(): string {
    const { port } = this._listener.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Publish a site in a folder, or publish it again with other settings or notebooks. */
  async publish(
    folder: string,
    {
      settings = {},
      files,
      hasExtension = true,
      hasPackage = false
    }: ILiteSiteOptions
  ): Promise<IPlace> {
    const { origin } = this;
    const config = JSON.parse(
      await readFile(join(SITE, 'jupyter-lite.json'), 'utf8')
    ) as ISiteConfig;
    const data = config['jupyter-config-data'];
    Object.assign(data, {
      contentsAllJsonFile: 'all.json',
      disabledExtensions: hasExtension ? [] : ['ipynb-telemetry'],
      exposeAppInBrowser: true,
      settingsOverrides: { 'ipynb-telemetry:plugin': settings }
    });
    if (hasPackage) {
      const names = await readdir(join(SITE, 'pypi'));
      const wheel = names.find(name => name.startsWith('ipynb_telemetry-'));
      Object.assign(data.litePluginSettings[PYTHON_KERNEL], {
        loadPyodideOptions: { packages: [`${origin}/${folder}/pypi/${wheel}`] }
      });
    }
    const published = this._published;
    published.set(`/${folder}/jupyter-lite.json`, JSON.stringify(config));
    for (const [name, notebook] of Object.entries(files)) {
      published.set(`/${folder}/files/${name}`, JSON.stringify(notebook));
    }
    published.set(
      `/${folder}/api/contents/all.json`,
      JSON.stringify(directory(Object.keys(files)))
    );
    return {
      notebookUrl: path =>
        `${origin}/${folder}/lab/index.html?path=${encodeURIComponent(path)}`
    };
  }

  async stop(): Promise<void> {
    const closed = once(this._listener, 'close');
    this._listener.close();
    this._listener.closeAllConnections();
    await closed;
  }

  private async _answer(url: string, response: ServerResponse): Promise<void> {
    const path = normalize(
      decodeURIComponent(new URL(url, 'http://x').pathname)
    );
    const [, folder] = path.split('/');
    const body =
      this._published.get(path) ??
      (this._published.has(`/${folder}/jupyter-lite.json`)
        ? await readFile(join(SITE, path.slice(folder.length + 1))).catch(
            () => null
          )
        : null);
    response.writeHead(body === null ? 404 : 200, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream'
    });
    response.end(body ?? '');
  }

  private readonly _published = new Map<string, string>();
  private readonly _listener = createServer(
    ({ method, url = '/' }, response) => {
      this.requests.push(`${method} ${url}`);
      void this._answer(url, response);
    }
  );
}

/** A notebook with telemetry for the JavaScript kernel, which starts faster than Python. */
export function scripted(cells: ICell[], notebook?: string): INotebook {
  return plain(cells, {
    kernelspec: {
      display_name: 'JavaScript',
      language: 'javascript',
      name: 'javascript'
    },
    ipynb_telemetry: { enabled: true, notebook }
  });
}

/** As JupyterLite's build lists the files of a site. */
function directory(names: string[]): object {
  const entry = {
    created: '2026-01-01T00:00:00Z',
    last_modified: '2026-01-01T00:00:00Z',
    writable: true
  };
  return {
    ...entry,
    name: '',
    path: '',
    type: 'directory',
    format: 'json',
    mimetype: null,
    size: null,
    content: names.map(name => ({
      ...entry,
      name,
      path: name,
      type: 'notebook',
      format: null,
      mimetype: null,
      size: 0,
      content: null
    }))
  };
}
