// Gives lib/delivery a module type, and lib/events, which it imports: Node would otherwise read each of
// their files twice, and say so. The rest of lib/ has none, for other bundlers would then refuse
// imports without a suffix.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIB = join(import.meta.dirname, '..', 'lib');

for (const folder of ['delivery', 'events']) {
  writeFileSync(
    join(LIB, folder, 'package.json'),
    `${JSON.stringify({ type: 'module' })}\n`
  );
}
