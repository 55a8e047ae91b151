import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import * as ts from 'typescript';

const SRC = resolve(__dirname, '..');

/** An import: by value, of types only, or of a file that is loaded later. */
export interface IImport {
  readonly from: string;
  /** A file of src/, or else as it is written: a package. */
  readonly to: string;
  /** As it is written. */
  readonly specifier: string;
  readonly kind: 'value' | 'type' | 'lazy';
}

const PATHS = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  path => /\.tsx?$/.test(path) && !path.startsWith('__tests__')
);

/** The source files, by their path in src/ without suffix. */
export const FILES: ReadonlyArray<string> = PATHS.map(withoutSuffix);

/** Every import of a source file, in whatever words. */
export const IMPORTS: ReadonlyArray<IImport> = PATHS.flatMap(path =>
  importsOf(path, readFileSync(join(SRC, path), 'utf8'))
);

/**
 * The imports of one file.
 *
 * @param path - the file's path in src/
 * @param source - the TypeScript in the file
 */
export function importsOf(path: string, source: string): IImport[] {
  const from = withoutSuffix(path);
  const found: IImport[] = [];
  const add = (specifier: ts.Node, kind: IImport['kind']): void => {
    const { text } = specifier as ts.StringLiteral;
    const inside = posix.join(posix.dirname(from), text.replace(/\.js$/, ''));
    const to = text.startsWith('.')
      ? [inside, `${inside}/index`].find(file => FILES.includes(file))
      : undefined;
    found.push({ from, to: to ?? text, specifier: text, kind });
  };
  const read = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, kindOf(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node.moduleSpecifier, kindOf(node));
    } else if (ts.isImportTypeNode(node)) {
      add((node.argument as ts.LiteralTypeNode).literal, 'type');
    } else if (ts.isExternalModuleReference(node)) {
      add(node.expression, kindOf(node.parent));
    } else if (ts.isModuleDeclaration(node) && node.name.text.startsWith('.')) {
      add(node.name, 'type');
    } else if (
      ts.isCallExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ImportKeyword
    ) {
      add(node.arguments[0], 'lazy');
    }
    ts.forEachChild(node, read);
  };
  const setParents = true;
  read(ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, setParents));
  return found;
}

function kindOf(
  clause:
    | ts.ImportClause
    | ts.ExportDeclaration
    | ts.ImportEqualsDeclaration
    | undefined
): 'value' | 'type' {
  return clause?.isTypeOnly ? 'type' : 'value';
}

function withoutSuffix(path: string): string {
  return path.replace(/(\.d)?\.tsx?$/, '');
}
