import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import ts from 'typescript';
import { FILES, ROOT } from './source-files.js';

const ROOM = 'src/output/';

/**
 * What a run leaves is called so in one room. Only words that nobody writes by chance are looked for: names of files and the keys and
 * columns that have a dash, an underscore or a dot in them. A plain word such as `time` or `event` says nothing of where it is from.
 */
const DISTINCTIVE = /^[a-z][a-z\d_-]*[._-][a-z\d_.-]*[a-z\d]$/;

/** Words of the output room that are something else as well, and what. */
const SOMETHING_ELSE: Readonly<Record<string, string>> = {
  receive_drops: 'the name of a limit, which its column has as well',
  send_errors: 'the name of a limit, which its column has as well',
  read_bytes: "a field of the system's /proc/PID/io",
  write_bytes: "a field of the system's /proc/PID/io",
  bytes_up: 'a field of the IPv8 statistics, which a module writes as Gumby did',
  bytes_down: 'a field of the IPv8 statistics, which a module writes as Gumby did',
  'not-begun': 'the fate of a command, a union that the compiler checks',
  'not-told': 'the fate of a command, a union that the compiler checks',
  'time-limit': 'the outcome of a run, a union that the compiler checks',
};

test('no other room writes the name of a file, a column or a key of the output', (t) => {
  const owned = ownedWords();
  const found = FILES.filter((file) => !file.startsWith(ROOM)).flatMap((file) =>
    literalsIn(file)
      .filter(({ text }) => wordsIn(text).some((word) => owned.has(word)))
      .map(({ text, line }) => `${file}:${line}: ${text}`),
  );
  t.deepEqual(found, [], 'take the name from src/output');
});

test('the words that are looked for are those of the output: the check can fail', (t) => {
  const owned = ownedWords();
  for (const word of [
    ...[
      'run.json',
      'resources.csv',
      'threads.csv',
      'metrics.log',
      'statistics.log',
      'timeline.jsonl',
      'addresses.json',
    ],
    ...['summary.json', 'report.html', 'graphs.ts', 'peer_types', 'heap_bytes', 'timer_lateness_ms', 'nr_candidates'],
    ...['statistics-successful-messages', 'annotations.csv'],
  ])
    t.true(owned.has(word), word);
  t.true(wordsIn('see run.json for more').includes('run.json'));
  t.true(literalsOf('x.ts', 'const a = `see ${b} in run.json`;').some(({ text }) => text.includes('run.json')));
});

interface Literal {
  readonly text: string;
  readonly line: number;
  /** Whether the compiler compares it: where it is a type, and as the name of a series, for which there is a type. */
  readonly isChecked: boolean;
}

function ownedWords(): ReadonlySet<string> {
  const words = FILES.filter((file) => file.startsWith(ROOM)).flatMap((file) =>
    literalsIn(file).flatMap(({ text }) => (DISTINCTIVE.test(text) && !(text in SOMETHING_ELSE) ? [text] : [])),
  );
  return new Set(words);
}

/** Of a sentence every word, of a name itself. */
function wordsIn(text: string): readonly string[] {
  return text.split(/[^\w.-]+/).map((word) => word.replace(/\.$/, ''));
}

function literalsIn(file: string): readonly Literal[] {
  return literalsOf(file, readFileSync(join(ROOT, file), 'utf8')).filter(({ isChecked }) => !isChecked);
}

/** Texts in quotes and the fixed parts of templates, without the names of imported files. */
function literalsOf(file: string, source: string): readonly Literal[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const literals: Literal[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      literals.push({
        text: node.text,
        line: parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1,
        isChecked: ts.isLiteralTypeNode(node.parent) || isNameOfSeries(node.parent),
      });
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return literals;
}

function isNameOfSeries(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'name';
}
