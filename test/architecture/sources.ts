// Reads the sources: what each file imports, how long it and its functions are, which names it uses. The bundler's parser
// parses them, so comments and strings never count.

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ESTree, parseSync, Visitor } from 'rolldown/utils';

export interface Import {
  /** A path from the root, or the name of a package. */
  readonly target: string;
  readonly kind: 'file' | 'package';
  readonly line: number;
  /** The names that exist at run time, `*` for all. Empty: only types are imported. */
  readonly values: readonly string[];
}

/** A name and the line where it stands. */
export interface Named {
  readonly name: string;
  readonly line: number;
}

export interface Source {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly functions: readonly (Named & { readonly lines: number })[];
  /** Each identifier, with the first line that uses it. */
  readonly identifiers: readonly Named[];
  /** What it uses without receiving it as an argument or an import: `Date.now`, `process.env`. */
  readonly ambient: readonly Named[];
  /** The rows of the operation table in it, by id, and the function that serves each. */
  readonly operations: readonly (Named & { readonly servedBy: string })[];
}

const folders = '{bin,cli,contract,generate,lambdas,lib,local,processor,proof,sdk,test,web}';

/** All sources under `root`, by path. */
export function readSources(root: string): Map<string, Source> {
  const paths = globSync(['*.{ts,mjs}', `${folders}/**/*.{ts,mjs}`], {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  }).sort();
  return new Map(paths.map((path) => [path, readSource(path, readFileSync(join(root, path), 'utf8'))]));
}

const globals = ['crypto', 'Date', 'Math', 'performance', 'process'];
const timers = ['setImmediate', 'setInterval', 'setTimeout'];

export function readSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const lineOf = lineFinder(text);
  const imports: Import[] = [];
  const functions: (Named & { lines: number })[] = [];
  const identifiers = new Map<string, number>();
  const ambient: Named[] = [];
  const operations: (Named & { servedBy: string })[] = [];
  const names = new Map<ESTree.Node, string>();

  const imported = (source: ESTree.Node, values: readonly string[]): void => {
    if (source.type !== 'Literal' || typeof source.value !== 'string') return;
    const own = source.value.startsWith('.');
    const target = own ? join(dirname(path), source.value) : source.value;
    imports.push({ target, kind: own ? 'file' : 'package', line: lineOf(source.start), values });
  };
  const measured = (node: ESTree.Function | ESTree.ArrowFunctionExpression): void => {
    const line = lineOf(node.start);
    const name = node.id?.name ?? names.get(node) ?? 'anonymous';
    functions.push({ name, line, lines: lineOf(node.end) - line + 1 });
  };
  const used = ({ name, start }: { name: string; start: number }): void => {
    if (!identifiers.has(name)) identifiers.set(name, lineOf(start));
  };

  new Visitor({
    ImportDeclaration: (node) => imported(node.source, valuesOf(node)),
    ExportNamedDeclaration: (node) => {
      if (node.source) imported(node.source, valuesOf(node));
    },
    ExportAllDeclaration: ({ source, exportKind }) => imported(source, exportKind === 'type' ? [] : ['*']),
    ImportExpression: ({ source }) => imported(source, ['*']),
    TSImportType: ({ source }) => imported(source, []),
    Identifier: used,
    PrivateIdentifier: used,
    VariableDeclarator: ({ id, init }) => {
      if (init && id.type === 'Identifier') names.set(init, id.name);
      if (init?.type === 'Identifier' && globals.includes(init.name)) {
        ambient.push({ name: init.name, line: lineOf(init.start) });
      }
    },
    Property: (node) => {
      if (node.key.type === 'Identifier') names.set(node.value, node.key.name);
    },
    MethodDefinition: ({ key, value }) => {
      if (key.type === 'Identifier' || key.type === 'PrivateIdentifier') names.set(value, key.name);
    },
    CallExpression: ({ callee, arguments: given, start }) => {
      const name = text.slice(callee.start, callee.end).split('\n')[0] ?? '';
      for (const argument of given) names.set(argument, `${name}()`);
      if (timers.includes(name)) ambient.push({ name, line: lineOf(start) });
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type !== 'Identifier' || callee.name !== 'Date' || given.length > 0) return;
      ambient.push({ name: 'new Date()', line: lineOf(start) });
    },
    MemberExpression: ({ object, property, start }) => {
      if (object.type !== 'Identifier' || property.type !== 'Identifier' || !globals.includes(object.name)) return;
      ambient.push({ name: `${object.name}.${property.name}`, line: lineOf(start) });
    },
    ObjectExpression: (node) => {
      const [id, servedBy] = [textOf(node, 'id'), textOf(node, 'function')];
      // Only rows of the operation table name actors.
      if (id === undefined || servedBy === undefined || propertyOf(node, 'actors') === undefined) return;
      operations.push({ name: id, line: lineOf(node.start), servedBy });
    },
    FunctionDeclaration: measured,
    FunctionExpression: measured,
    ArrowFunctionExpression: measured,
  }).visit(program);

  return {
    path,
    lines: text.split('\n').length - 1,
    imports,
    functions,
    identifiers: [...identifiers].map(([name, line]) => ({ name, line })),
    ambient,
    operations,
  };
}

/** The names that an import or an export takes over from another file and that exist at run time. */
function valuesOf(node: ESTree.ImportDeclaration | ESTree.ExportNamedDeclaration): string[] {
  if ((node.type === 'ImportDeclaration' ? node.importKind : node.exportKind) === 'type') return [];
  // An import without names runs the whole file.
  if (node.specifiers.length === 0) return ['*'];
  return node.specifiers.flatMap((one) => {
    if (one.type === 'ImportNamespaceSpecifier') return ['*'];
    if (one.type === 'ImportDefaultSpecifier') return ['default'];
    if ((one.type === 'ImportSpecifier' ? one.importKind : one.exportKind) === 'type') return [];
    const name = one.type === 'ImportSpecifier' ? one.imported : one.local;
    return [name.type === 'Literal' ? name.value : name.name];
  });
}

const propertyOf = ({ properties }: ESTree.ObjectExpression, name: string) =>
  properties.find((one) => one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === name);

/** The value of a property, where it is a string literal. */
function textOf(object: ESTree.ObjectExpression, name: string): string | undefined {
  const property = propertyOf(object, name);
  if (property?.type !== 'Property' || property.value.type !== 'Literal') return undefined;
  return typeof property.value.value === 'string' ? property.value.value : undefined;
}

/** Offset -> line, counted from one. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
