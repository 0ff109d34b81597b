import { readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import test from 'ava';
import ts from 'typescript';
import { FILES, ROOT } from './source-files.js';

/** The layer table of the design, as data: what each room may import. A room may always import itself. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'src/runtime': [],
  // One language for links and NATs, in configurations, scenarios and modules.
  'src/config': ['src/runtime', 'src/network/links', 'src/network/nat'],
  'src/scenario': ['src/runtime', 'src/config:types', 'src/network/links', 'src/network/nat'],
  'src/network': ['src/runtime'],
  'src/dispersy': ['src/runtime', 'src/network'],
  // A histogram's samples are entries of a log, whose keys and schemas are the output's.
  'src/statistics': ['src/runtime', 'src/output'],
  'src/output': ['src/runtime', 'src/statistics:types'],
  'src/protocol': ['src/runtime:types', 'src/network:types', 'src/scenario:types', 'src/statistics:types'],
  'src/instance': [
    ...['src/runtime', 'src/network:types', 'src/statistics', 'src/output', 'src/scenario:types', 'src/protocol:types'],
  ],
  'src/host': ['src/runtime', 'src/network', 'src/statistics', 'src/output', 'src/instance', 'src/protocol:types'],
  'src/worker': [
    ...['src/runtime', 'src/network', 'src/dispersy', 'src/statistics', 'src/instance', 'src/host', 'src/index.ts'],
    'src/protocol:types',
  ],
  'src/coordinator': [
    'src/runtime',
    'src/config',
    'src/scenario',
    'src/statistics',
    'src/output',
    'src/monitor',
    'src/protocol:types',
    'src/network/address.ts:types',
    // Addresses of the emulated network follow from ids, and its memory is made once for all threads.
    'src/network/emulated',
    'src/network/links',
    'src/network/nat',
    // What threads count of the network, in memory that they share with the coordinator.
    'src/network/network-figures.ts',
    'src/network/delay-histogram.ts',
  ],
  'src/monitor': ['src/runtime', 'src/statistics', 'src/output', 'src/config/limits.ts'],
  'src/report': ['src/runtime', 'src/statistics', 'src/output'],
  'src/cli': ['src'],
  'src/index.ts': [
    'src/protocol:types',
    'src/instance',
    'src/dispersy',
    'src/network',
    'src/statistics',
    // Modules write logs, and those of this package write what its report reads.
    'src/output',
    'src/runtime',
  ],
  'src/graphs.ts': ['src/report', 'src/statistics'],
  'src/runner.ts': [
    'src/runtime',
    'src/config',
    'src/scenario',
    'src/network',
    'src/statistics',
    'src/coordinator',
    'src/output:types',
    'src/report',
  ],
  modules: ['src/index.ts'],
  // An experiment builds on the modules that scenarios name as `gumby.modules.…`.
  experiments: ['src/index.ts', 'src/graphs.ts', 'modules'],
};

test('every import stays within the layer table', (t) => {
  const violations = IMPORTS.filter((edge) => !isAllowed(edge)).map(
    ({ from, to, typeOnly }) => `${from} imports ${to}${typeOnly ? ' (types)' : ''}`,
  );
  t.deepEqual(violations, []);
});

test('there is no cycle of run-time imports', (t) => {
  t.deepEqual(findCycles(IMPORTS.filter(({ typeOnly }) => !typeOnly)), []);
});

test('there is no cycle of more than two files, counting types', (t) => {
  t.deepEqual(findKnots(IMPORTS), []);
});

test('the contract of the overlay is its lowest room: nothing that it builds on builds on it', (t) => {
  const isContract = (file: string) => file.startsWith('src/dispersy/contract/');
  const edges = IMPORTS.filter(({ from }) => from.startsWith('src/dispersy/'));
  t.true(edges.some(({ from }) => isContract(from)));
  t.deepEqual(
    edges.filter(({ from, typeOnly }) => isContract(from) && !typeOnly),
    [],
  );
  const below = new Set(edges.filter(({ from }) => isContract(from)).map(({ to }) => to));
  for (const file of below) for (const { from, to } of edges) if (from === file) below.add(to);
  t.deepEqual(
    edges.filter(({ from, to }) => below.has(from) && !isContract(from) && isContract(to)),
    [],
  );
});

test('no part of the overlay knows the class that authors extend', (t) => {
  const knowing = IMPORTS.filter(({ to }) => to === 'src/dispersy/community/community.ts').map(({ from }) => from);
  t.deepEqual(knowing.sort(), [
    'src/dispersy/dispersy.ts',
    'src/dispersy/ipv8-community.ts',
    'src/dispersy/tracked-community.ts',
    'src/index.ts',
    // It plays an author.
    'src/worker/rehearse-overlay.ts',
  ]);
});

test('no exported class has members that its users are not to see', (t) => {
  const found = FILES.filter((file) => file.startsWith('src/')).flatMap((file) =>
    internalMembersOf(readFileSync(join(ROOT, file), 'utf8')).map((name) => `${file}: ${name}`),
  );
  t.deepEqual(found, []);
});

test('only the network opens sockets', (t) => {
  const users = FILES.filter((file) => /['"]node:dgram['"]/.test(readFileSync(join(ROOT, file), 'utf8')));
  t.deepEqual(
    users.filter((file) => !file.startsWith('src/network/')),
    [],
  );
  t.true(users.length > 0);
});

test('no key comes from generateKeyPairSync, for to export such a key can lock its thread up for good', (t) => {
  const users = FILES.filter((file) => /\bgenerateKeyPairSync\(/.test(readFileSync(join(ROOT, file), 'utf8')));
  t.deepEqual(users, []);
});

test('every source file belongs to a room of the table', (t) => {
  t.deepEqual(
    FILES.filter((file) => roomOf(file) === undefined),
    [],
  );
});

test('the table forbids what it should: the check itself can fail', (t) => {
  t.false(isAllowed({ from: 'src/runtime/clock.ts', to: 'src/config/options.ts', typeOnly: true }));
  t.false(isAllowed({ from: 'src/scenario/timeline.ts', to: 'src/config/options.ts', typeOnly: false }));
  t.true(isAllowed({ from: 'src/scenario/timeline.ts', to: 'src/config/options.ts', typeOnly: true }));
  const edge = (from: string, to: string) => ({ from, to, typeOnly: false });
  t.is(findCycles([edge('a', 'b'), edge('b', 'c'), edge('c', 'a')]).length, 1);
  const typeEdge = (from: string, to: string) => ({ from, to, typeOnly: true });
  t.deepEqual(findKnots([typeEdge('a', 'b'), edge('b', 'a')]), []);
  t.deepEqual(findKnots([typeEdge('a', 'b'), edge('b', 'c'), typeEdge('c', 'a')]), [['a', 'b', 'c']]);
  t.deepEqual(
    internalMembersOf(`
      class Hidden { /** @internal */ fine = 1; }
      export class Seen { /** The first. */ one = 1; /** @internal */ two = 2; /** Third. @internal */ three(): void {} }
      class Late { /** @internal */ four = 4; }
      export { Late };
    `),
    ['Seen.two', 'Seen.three', 'Late.four'],
  );
});

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const IMPORTS: readonly Edge[] = FILES.flatMap(importsOf);

function importsOf(file: string): readonly Edge[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const edges: Edge[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    const to = specifier === undefined ? undefined : resolveInside(file, specifier);
    if (to !== undefined) edges.push({ from: file, to, typeOnly: isTypeOnly(node) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edges;
}

function specifierOf(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined)
    return ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    return argument !== undefined && ts.isStringLiteral(argument) ? argument.text : undefined;
  }
  return undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node) || node.importClause === undefined) return false;
  return node.importClause.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function resolveInside(file: string, specifier: string): string | undefined {
  if (specifier === 'gumby') return 'src/index.ts';
  if (specifier === 'gumby/graphs') return 'src/graphs.ts';
  if (specifier === 'gumby/runner') return 'src/runner.ts';
  if (specifier.startsWith('gumby/modules/')) return `modules/${specifier.slice('gumby/modules/'.length)}.ts`;
  if (!specifier.startsWith('.')) return undefined;
  return relative(ROOT, normalize(join(ROOT, dirname(file), specifier))).replace(/\.js$/, '.ts');
}

function roomOf(file: string): string | undefined {
  return Object.keys(LAYERS)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function isAllowed({ from, to, typeOnly }: Edge): boolean {
  const room = roomOf(from);
  if (room === undefined || room === roomOf(to)) return room !== undefined;
  return (LAYERS[room] ?? []).some((rule) => {
    const [target = '', only] = rule.split(':');
    return (to === target || to.startsWith(`${target}/`)) && (only !== 'types' || typeOnly);
  });
}

/** Files that cannot be understood one after the other; two that know each other, such as a class and its host, can. */
function findKnots(edges: readonly Edge[]): readonly (readonly string[])[] {
  return findCycles(edges).filter(({ length }) => length > 2);
}

/** The members of exported classes that are marked as internal, which those who extend the classes have all the same. */
function internalMembersOf(text: string): readonly string[] {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
  const exported = new Set(
    source.statements
      .filter((node) => ts.isExportDeclaration(node))
      .flatMap(({ exportClause }) => (exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : []))
      .map(({ propertyName, name }) => (propertyName ?? name).text),
  );
  return source.statements
    .filter((node) => ts.isClassDeclaration(node))
    .filter(({ modifiers, name }) => {
      const isExported = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
      return isExported || (name !== undefined && exported.has(name.text));
    })
    .flatMap(({ name, members }) =>
      members
        .filter((member) => member.getFullText().includes('@internal'))
        .map((member) => `${name?.text ?? 'class'}.${member.name?.getText() ?? 'constructor'}`),
    );
}

/** Strongly connected components of more than one file (Tarjan), and files that import themselves. */
function findCycles(edges: readonly Edge[]): readonly (readonly string[])[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file) as number);
    stack.push(file);
    for (const target of next.get(file) ?? []) {
      if (!index.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file) as number, low.get(target) as number));
    }
    if (low.get(file) !== index.get(file)) return;
    const component = stack.splice(stack.indexOf(file));
    if (component.length > 1 || (next.get(file) ?? []).includes(file)) cycles.push(component);
  };
  for (const file of next.keys()) if (!index.has(file)) visit(file);
  return cycles;
}
