// The interface in other languages: finds the strings of src/ and of the settings, brings the .po files in
// ipynb_telemetry/locale/ up to date, and makes the .json of each, which jupyterlab_server gives to a page.
// With --check nothing is written: each fault is a line, and any makes the command fail.
// With --locale FOLDER another folder is taken than ours.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { po } from 'gettext-parser';
import ts from 'typescript';

const ROOT = dirname(import.meta.dirname);
const DOMAIN = 'ipynb_telemetry';
const SCHEMA = 'schema/plugin.json';

/** The languages, each with the plural forms that its JupyterLab language pack has. */
const PLURALS = {
  ar_SA:
    'nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);',
  de_DE: 'nplurals=2; plural=(n != 1);',
  es_ES: 'nplurals=2; plural=(n != 1);',
  fr_FR: 'nplurals=2; plural=(n > 1);'
};

/** JupyterLab's methods of a translation bundle, with what their first arguments are. */
const METHODS = {
  __: ['msgid'],
  _n: ['msgid', 'plural'],
  _p: ['msgctxt', 'msgid'],
  _np: ['msgctxt', 'msgid', 'plural']
};

/** As JupyterLab names a string in a .json, with its context in front. */
const keyOf = ({ msgctxt, msgid }) =>
  msgctxt ? `${msgctxt}\u0004${msgid}` : msgid;

/** The strings to translate, by their keys, and what is wrong with them. */
export function strings() {
  const found = new Map();
  const faults = [];
  const add = (string, file) => {
    const key = keyOf(string);
    const known = found.get(key) ?? { ...string, files: new Set() };
    // JupyterLab passes over a translation with other forms than the call asks for.
    if (known.plural !== string.plural) {
      faults.push(`${file}: “${string.msgid}” has two plurals, or none`);
    }
    known.files.add(file);
    found.set(key, known);
  };
  const files = execFileSync('git', ['ls-files', '-co', 'src'], { cwd: ROOT })
    .toString()
    .split('\n')
    .filter(file => /\.tsx?$/.test(file) && !file.includes('__tests__'))
    .filter(file => existsSync(join(ROOT, file)));
  for (const file of files.sort()) {
    for (const call of callsIn(file)) {
      if (call.string) {
        add(call.string, file);
      } else {
        faults.push(`${file}: ${call.fault}`);
      }
    }
  }
  const schema = JSON.parse(readFileSync(join(ROOT, SCHEMA), 'utf8'));
  for (const string of schemaStrings(schema)) {
    add(string, SCHEMA);
  }
  return { found, faults };
}

function callsIn(file) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const target = ts.ScriptTarget.Latest;
  const source = ts.createSourceFile(file, text, target, true, kind);
  const calls = [];
  const visit = node => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      Object.hasOwn(METHODS, node.expression.name.text)
    ) {
      const parts = METHODS[node.expression.name.text];
      const given = node.arguments.slice(0, parts.length);
      const isPlain =
        given.length === parts.length && given.every(ts.isStringLiteralLike);
      const string = isPlain
        ? Object.fromEntries(parts.map((part, i) => [part, given[i].text]))
        : null;
      const filled = node.arguments.length - parts.length;
      const text = node.getText();
      if (!string) {
        calls.push({ fault: `no plain text in ${text}` });
      } else if (filled !== Math.max(...numbersIn(string))) {
        // Of a string with a plural, JupyterLab takes the number itself for %1.
        calls.push({ fault: `more or fewer values than %1, %2 … in ${text}` });
      } else {
        calls.push({ string });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
}

/** The titles and descriptions of settings, in the contexts that JupyterLab gives them. */
function* schemaStrings(part, msgctxt = 'schema') {
  for (const [key, value] of Object.entries(part)) {
    if (typeof value === 'string') {
      if (key === 'title' || key === 'description') {
        yield { msgctxt, msgid: value };
      } else if (key === 'jupyter.lab.setting-icon-label') {
        yield { msgctxt: 'settings', msgid: value };
      }
    } else if (key === 'properties' || msgctxt === 'settings') {
      yield* schemaStrings(value ?? {}, 'settings');
    }
  }
}

const folderOf = (locale, language) => join(locale, language, 'LC_MESSAGES');

function readCatalogue(locale, language) {
  const path = join(folderOf(locale, language), `${DOMAIN}.po`);
  const known = new Map();
  if (existsSync(path)) {
    const { translations } = po.parse(readFileSync(path));
    for (const entry of Object.values(translations).flatMap(Object.values)) {
      if (entry.msgid !== '') {
        known.set(keyOf(entry), entry);
      }
    }
  }
  return known;
}

/** What is wrong with the translations of a language. */
function faultsOf(language, found, known) {
  const faults = [];
  const say = (what, { msgid }) =>
    faults.push(`${language}: ${what}: ${msgid}`);
  const forms = Number(/nplurals=(\d)/.exec(PLURALS[language])[1]);
  for (const [key, string] of found) {
    const entry = known.get(key);
    const texts = entry?.msgstr ?? [];
    if (!texts.some(text => text !== '')) {
      say('missing', string);
    } else if (
      entry.msgid_plural !== string.plural ||
      texts.length !== (string.plural === undefined ? 1 : forms) ||
      texts.includes('')
    ) {
      say('plural forms', string);
    } else {
      for (const text of texts) {
        for (const wrong of wrongWith(text, string)) {
          say(wrong, string);
        }
      }
    }
  }
  for (const [key, entry] of known) {
    if (!found.has(key)) {
      say('unused', entry);
    }
  }
  return faults;
}

/** The numbers of all that is filled in; that of a plural is the first. */
const numbersIn = ({ msgid, plural }) => [
  plural === undefined ? 0 : 1,
  ...[...`${msgid} ${plural}`.matchAll(/%(\d)/g)].map(([, nth]) => Number(nth))
];

const placeholders = text => new Set(text.match(/%\d/g) ?? []);

function* wrongWith(text, { msgid, plural = msgid }) {
  const allowed = new Set([...placeholders(msgid), ...placeholders(plural)]);
  const given = placeholders(text);
  // A form for one, two or none may leave out the number itself: “one day”.
  const isFree = name => plural !== msgid && name === '%1';
  if (
    [...given].some(name => !allowed.has(name)) ||
    [...allowed].some(name => !given.has(name) && !isFree(name))
  ) {
    yield 'placeholders';
  }
  if (/^\s/.test(text) !== /^\s/.test(msgid) || /\s$/.test(text)) {
    yield 'blanks';
  }
}

function compiledPo(language, found, known) {
  const translations = { '': {} };
  const forms = Number(/nplurals=(\d)/.exec(PLURALS[language])[1]);
  for (const [key, { msgctxt = '', msgid, plural, files }] of found) {
    const count = plural === undefined ? 1 : forms;
    const entry = known.get(key);
    const isSame = entry && entry.msgid_plural === plural;
    translations[msgctxt] ??= {};
    translations[msgctxt][msgid] = {
      ...(msgctxt && { msgctxt }),
      msgid,
      ...(plural !== undefined && { msgid_plural: plural }),
      msgstr: isSame ? entry.msgstr : Array(count).fill(''),
      comments: { reference: [...files].join('\n') }
    };
  }
  const headers = {
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Transfer-Encoding': '8bit',
    Language: language,
    'Plural-Forms': PLURALS[language]
  };
  const text = po.compile(
    { charset: 'utf-8', headers, translations },
    { foldLength: 0 }
  );
  return `${text.toString().trimEnd()}\n`;
}

/** What a page gets: what is translated, and no more. */
function compiledJson(language, found, known) {
  const { version } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8')
  );
  const content = {
    '': {
      domain: DOMAIN,
      language: language.replace('_', '-'),
      plural_forms: PLURALS[language],
      version
    }
  };
  for (const [key, { plural }] of found) {
    const entry = known.get(key);
    if (entry && entry.msgid_plural === plural && entry.msgstr.every(Boolean)) {
      content[key] = entry.msgstr;
    }
  }
  return `${JSON.stringify(content, null, 1)}\n`;
}

function main(args) {
  const isCheck = args.includes('--check');
  const at = args.indexOf('--locale');
  const locale = at < 0 ? join(ROOT, DOMAIN, 'locale') : args[at + 1];
  const { found, faults } = strings();
  for (const language of Object.keys(PLURALS)) {
    const folder = folderOf(locale, language);
    const known = readCatalogue(locale, language);
    faults.push(
      ...faultsOf(language, found, known).filter(
        // Whoever runs the command has it mend these.
        fault => isCheck || !fault.startsWith(`${language}: unused`)
      )
    );
    const files = {
      po: compiledPo(language, found, known),
      json: compiledJson(language, found, known)
    };
    for (const [ending, text] of Object.entries(files)) {
      const path = join(folder, `${DOMAIN}.${ending}`);
      if (!isCheck) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(path, text);
      } else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
        faults.push(
          `${language}: ${ending} is not up to date: npm run translations`
        );
      }
    }
  }
  console.log(faults.join('\n') || 'Everything is translated.');
  process.exitCode = faults.length ? 1 : 0;
}

main(process.argv.slice(2));
