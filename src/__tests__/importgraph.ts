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

/** The source files, by their path in src/ without suffix. */
export const FILES: ReadonlyArray<string> = readdirSync(SRC, {
  recursive: true,
  encoding: 'utf8'
})
  .filter(path => /\.tsx?$/.test(path) && !path.startsWith('__tests__'))
  .map(path => path.replace(/(\.d)?\.tsx?$/, ''));

/** Every import of a source file, re-exports and `typeof import()` included. */
export const IMPORTS: ReadonlyArray<IImport> = FILES.flatMap(importsOf);

function importsOf(from: string): IImport[] {
  const path = ['.ts', '.tsx', '.d.ts']
    .map(suffix => join(SRC, from + suffix))
    .find(ts.sys.fileExists)!;
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
    } else if (
      ts.isCallExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ImportKeyword
    ) {
      add(node.arguments[0], 'lazy');
    }
    ts.forEachChild(node, read);
  };
  read(
    ts.createSourceFile(path, readFileSync(path, 'utf8'), {
      languageVersion: ts.ScriptTarget.ES2022
    })
  );
  return found;
}

function kindOf(
  clause: ts.ImportClause | ts.ExportDeclaration | undefined
): 'value' | 'type' {
  return clause?.isTypeOnly ? 'type' : 'value';
}
