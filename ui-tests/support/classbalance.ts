import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClassCollector } from './classcollector';
import { VENV } from './server';

/** Compares the uuids that come in with those in a file; run by Python, which reads SQLite. */
const BALANCE = `
import json, sqlite3, sys
produced = set(json.load(sys.stdin))
connection = sqlite3.connect(sys.argv[1])
stored = {uuid for (uuid,) in connection.execute("SELECT uuid FROM events")}
(rows, numbers) = connection.execute(
    "SELECT count(*), count(DISTINCT json_extract(properties, '$.session_id') || ':'"
    " || json_extract(properties, '$.seq')) FROM events"
).fetchone()
print(json.dumps({"stored": rows, "duplicates": rows - numbers,
    "lost": len(produced - stored), "strange": len(stored - produced)}))
`;

/** What became of the events of a class. */
export interface IBalance {
  readonly stored: number;
  /** Rows beyond one for each session and number in it. */
  readonly duplicates: number;
  readonly lost: number;
  /** Stored, and produced by nobody. */
  readonly strange: number;
}

/** @param produced - the uuids of all that the class captured */
export async function balanceOf(
  collector: ClassCollector,
  produced: ReadonlyArray<string>
): Promise<IBalance> {
  const asked = promisify(execFile)(join(VENV, 'bin', 'python'), [
    '-c',
    BALANCE,
    collector.database
  ]);
  asked.child.stdin!.end(JSON.stringify(produced));
  return JSON.parse((await asked).stdout) as IBalance;
}
