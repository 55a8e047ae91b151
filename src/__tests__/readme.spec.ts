import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { CATALOG } from '../events/catalog';

const README = resolve(__dirname, '..', '..', 'README.md');
/** Prettier would align the table to its longest cells. */
const SECTION =
  /(?<=<!-- prettier-ignore-start -->\n).*?(?=<!-- prettier-ignore-end -->)/s;

interface IJSONSchema {
  readonly enum?: ReadonlyArray<string>;
  readonly properties?: Readonly<Record<string, IJSONSchema>>;
}

/** The event table, as the catalogue has it. */
function eventTable(): string {
  const rows = Object.entries(CATALOG).map(
    ([name, { when, properties }]) =>
      `| \`${name}\` | ${when} | ${describeProperties(z.toJSONSchema(properties) as IJSONSchema)} |`
  );
  return [
    '',
    '| Event | When | Properties |',
    '| --- | --- | --- |',
    ...rows,
    '',
    ''
  ].join('\n');
}

function describeProperties({ properties = {} }: IJSONSchema): string {
  return Object.entries(properties)
    .map(([name, { enum: choices }]) => {
      const values = choices?.map(choice => `\`${choice}\``).join(', ');
      return values ? `\`${name}\` (${values})` : `\`${name}\``;
    })
    .join(', ');
}

describe('README.md', () => {
  it('has the event table of the catalogue; npm run docs writes it', () => {
    const text = readFileSync(README, 'utf8');
    if (process.env.npm_lifecycle_event === 'docs') {
      writeFileSync(README, text.replace(SECTION, eventTable));
    }
    const [section] = SECTION.exec(readFileSync(README, 'utf8')) ?? [];
    expect(section).toBe(eventTable());
  });
});
