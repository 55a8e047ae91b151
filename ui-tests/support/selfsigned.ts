import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A folder with certificates that nobody signed but their owner, and with a class's file. */
export class SelfSigned {
  static async begin(): Promise<SelfSigned> {
    return new SelfSigned(
      await mkdtemp(join(tmpdir(), 'ipynb-telemetry-certificates-'))
    );
  }

  private constructor(private readonly _folder: string) {}

  /** A file for all of a class, whichever certificate its collector shows. */
  get database(): string {
    return join(this._folder, 'cs1.sqlite3');
  }

  /**
   * Make a certificate.
   *
   * @returns arguments by which a class collector shows it
   */
  async certificate(name: string): Promise<string[]> {
    const certificate = join(this._folder, `${name}.pem`);
    const key = join(this._folder, `${name}.key`);
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes'],
      ...['-subj', '/CN=class', '-out', certificate, '-keyout', key]
    ]);
    return ['--certfile', certificate, '--keyfile', key];
  }

  async remove(): Promise<void> {
    await rm(this._folder, { recursive: true, force: true });
  }
}
