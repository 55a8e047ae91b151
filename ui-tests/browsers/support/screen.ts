import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A screen in memory with a window manager: without one no window has the focus. */
export class Screen {
  /** Starts both, on a number that the X server finds free. */
  static async start(): Promise<Screen> {
    const server = spawn(
      'Xvfb',
      ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] }
    );
    const [number] = (await once(server.stdio[3]!, 'data')) as [Buffer];
    const display = `:${number.toString().trim()}`;
    const manager = spawn('openbox', {
      stdio: 'ignore',
      env: { ...process.env, DISPLAY: display }
    });
    return new Screen(display, [manager, server]);
  }

  private constructor(
    readonly display: string,
    private readonly _programs: ReadonlyArray<ChildProcess>
  ) {}

  /** Run a program on this screen, to its end. */
  async run(program: string, args: string[], input = ''): Promise<void> {
    const child = spawn(program, args, {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...process.env, DISPLAY: this.display }
    });
    child.stdin.end(input);
    const [status] = (await once(child, 'exit')) as [number];
    if (status !== 0) {
      throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
    }
  }

  /** Press a key as a person does: the browser itself hears of it, and not only the page. */
  press(key: string): Promise<void> {
    return this.run('xdotool', ['key', '--clearmodifiers', key]);
  }

  /** Click as a person does, so many pixels from the left and from the top. */
  click(x: number, y: number): Promise<void> {
    const place = [Math.round(x), Math.round(y)].map(String);
    return this.run('xdotool', ['mousemove', ...place, 'click', '1']);
  }

  /** Copy a text in another program. */
  copy(text: string): Promise<void> {
    return this.run('xclip', ['-selection', 'clipboard'], text);
  }

  async end(): Promise<void> {
    for (const program of this._programs) {
      const gone = once(program, 'exit');
      program.kill();
      await gone;
    }
  }
}
