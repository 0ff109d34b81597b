import test from 'ava';
import fc from 'fast-check';
import { parseConf } from '../../src/config/parse-conf.js';

const FILE = '/project/test.conf';

function valuesOf(text: string): readonly (readonly string[])[] {
  const { entries, diagnostics } = parseConf(text, FILE);
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return entries.map(({ key, values, isList }) => [key, ...values, ...(isList ? ['(list)'] : [])]);
}

function errorsOf(text: string): readonly string[] {
  return parseConf(text, FILE).diagnostics.map(
    ({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`,
  );
}

test('a value is bare, or in quotes of either kind', (t) => {
  t.deepEqual(valuesOf('a = one two\nb = "one # two, \'three\'"\nc = \'say "hi"\'\nd=5'), [
    ['a', 'one two'],
    ['b', "one # two, 'three'"],
    ['c', 'say "hi"'],
    ['d', '5'],
  ]);
});

test('# starts a comment on a line of its own and behind a value, quoted or not', (t) => {
  t.deepEqual(valuesOf('# first\n  ## second ##\na = 5 # five\nb = "x" # y "z"\nc = # nothing'), [
    ['a', '5'],
    ['b', 'x'],
    ['c', ''],
  ]);
});

test('keys are case-insensitive, may be indented, and keep what stands behind a second =', (t) => {
  t.deepEqual(valuesOf(' Experiment_NAME = x\n\tPATH_LIKE=a=b'), [
    ['experiment_name', 'x'],
    ['path_like', 'a=b'],
  ]);
});

test('commas make a list, a trailing comma a list of one, a comma alone the empty list', (t) => {
  t.deepEqual(valuesOf('a = x, "y, z" , w # end\nb = \'localhost\',\nc = ,\nd = x,,y'), [
    ['a', 'x', 'y, z', 'w', '(list)'],
    ['b', 'localhost', '(list)'],
    ['c', '(list)'],
    ['d', 'x', '', 'y', '(list)'],
  ]);
});

test('a command line in double quotes may hold double quotes, as ConfigObj has it', (t) => {
  t.deepEqual(valuesOf('a = "guard -c "sleep 1" -t 5" # limit'), [['a', 'guard -c "sleep 1" -t 5']]);
});

test('a byte order mark and all line ends are taken', (t) => {
  t.deepEqual(valuesOf('\uFEFFa = 1\r\nb = 2\rc = 3\n'), [
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ]);
});

test('every complaint has its place, and all come together', (t) => {
  t.deepEqual(
    errorsOf(
      [
        'a = 1',
        ' [section]',
        'no value here',
        "b = 'open",
        'c = """x"""',
        '  A = 2',
        '? = 3',
        'd = "x" y',
        'e = \0',
      ].join('\n'),
    ),
    [
      'error 2:2 a configuration has no sections',
      'error 3:1 this is no "key = value" line',
      'error 4:5 the quote is never closed',
      'error 5:5 values of several lines are not supported',
      'error 6:3 A is given twice: first in line 1',
      'error 7:1 "?" is no key',
      'error 8:5 something stands behind the closing quote',
      'error 9:5 there is a NUL character here',
    ],
  );
});

test('an entry knows the place of its value', (t) => {
  const [entry] = parseConf('\n  key =  "a b" # c', FILE).entries;
  t.deepEqual(entry?.place, { file: FILE, line: 2, column: 10, length: 5, source: '  key =  "a b" # c' });
});

test('property: what can be quoted comes back as it was', (t) => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n\0]/.test(text));
  const quoted = fc.oneof(
    line.filter((text) => !text.includes('"')).map((text) => ({ text, written: `"${text}"` })),
    line.filter((text) => !text.includes("'")).map((text) => ({ text, written: `'${text}'` })),
  );
  fc.assert(
    fc.property(fc.array(quoted, { minLength: 1, maxLength: 4 }), (members) => {
      const written = members.map((member) => member.written).join(' , ');
      t.deepEqual(valuesOf(`key = ${written} # comment`)[0], [
        'key',
        ...members.map(({ text }) => text),
        ...(members.length > 1 ? ['(list)'] : []),
      ]);
    }),
  );
});

test('property: no text makes it throw, and every complaint stands inside the text', (t) => {
  const token = fc.constantFrom(
    'a',
    'key',
    '=',
    '"',
    "'",
    ',',
    '#',
    '[',
    ']',
    '\n',
    ' ',
    '\t',
    '\\',
    '\r',
    '\0',
    '$X',
    'é',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join('')),
  );
  fc.assert(
    fc.property(text, (written) => {
      const lines = written.split(/\r\n|\n|\r/);
      for (const { line = 0, column = 0 } of parseConf(written, FILE).diagnostics) {
        t.true(line >= 1 && line <= lines.length);
        t.true(column >= 1 && column <= (lines[line - 1] ?? '').length + 1);
      }
    }),
    { numRuns: 1000 },
  );
});
