import test from 'ava';
import type { Parameter } from '../../src/runtime/parameter.js';
import { builtInCommands } from '../../src/scenario/built-in-commands.js';
import { checkCommands, usageOf } from '../../src/scenario/check-commands.js';
import type { CommandDescription } from '../../src/scenario/command-description.js';
import { complaints, loadText } from './load-text.js';

const COMMANDS: readonly CommandDescription[] = [
  command('hello', [], 'HelloModule'),
  command(
    'extended_hello',
    [integer('repetitions'), { type: 'text', name: 'separator', optional: true }],
    'HelloModule',
  ),
  command('join', [{ type: 'text', name: 'channel' }], 'OneModule'),
  command(
    'join',
    [
      { type: 'text', name: 'channel' },
      { ...integer('rank'), optional: true },
    ],
    'TwoModule',
  ),
  command(
    'mode',
    [
      { type: 'choice', name: 'mode', choices: ['fast', 'slow'] },
      { type: 'boolean', name: 'loud' },
    ],
    'M',
  ),
];

function command(name: string, parameters: readonly Parameter[], module: string): CommandDescription {
  const camelCase = name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return { name, names: [...new Set([name, camelCase])], parameters, module };
}

function integer(name: string): Parameter {
  return { type: 'integer', name, min: 1, max: 9 };
}

const check = (text: string, variables: Readonly<Record<string, string>> = {}) => {
  const scenario = loadText(text, { variables });
  return complaints({ diagnostics: [...scenario.diagnostics, ...checkCommands(scenario, COMMANDS)] });
};

test('what suits the commands passes, built-in ones included', (t) => {
  const lines = [
    '@0 hello',
    '@0 extended_hello 2',
    '@0 extendedHello repetitions=2 separator=, {3}',
    '@0 extended_hello separator=- 9',
    '@0 mode slow TRUE',
    '@0 echo',
    '@0 echo any number of words',
    '@0 annotate start-experiment',
    "@0 annotate 'two words'",
    '@0 peertype seeder',
    '@! set x y',
    '@0 stop {1}',
    '@0 join channel',
  ];
  t.deepEqual(check(lines.join('\n')), []);
});

for (const [line, ...expected] of [
  ['@0 helo', '1:4: error: unknown command "helo": did you mean "hello"?'],
  ['@0 nothing_like_it', '1:4: error: unknown command "nothing_like_it"'],
  ['@0 stp', '1:4: error: unknown command "stp": did you mean "stop"?'],
  ['@0 constructor', '1:4: error: unknown command "constructor"'],
  ['@0 hello 1 2 3', '1:10: error: hello has too many arguments: it takes 0'],
  ['@0 stop now', '1:9: error: stop has too many arguments: it takes 0'],
  ['@0 extended_hello', '1:4: error: extended_hello has too few arguments: repetitions is missing'],
  ['@0 mode', '1:4: error: mode has too few arguments: mode, loud are missing'],
  [
    '@0 extended_hello 2 seperator=x',
    '1:21: error: extended_hello has no argument named "seperator": did you mean "separator"?',
  ],
  ['@0 extended_hello 2 zzz=x', '1:21: error: extended_hello has no argument named "zzz"'],
  ['@0 extended_hello 2 repetitions=3', '1:21: error: the argument repetitions is given twice'],
  ['@0 extended_hello repetitions=3 2', '1:33: error: the argument repetitions is given twice'],
  ['@0 extended_hello two', '1:19: error: repetitions is "two"'],
  ['@0 extended_hello 10', '1:19: error: repetitions is "10"'],
  ['@0 extended_hello repetitions=1.5', '1:19: error: repetitions is "1.5"'],
  ['@0 mode quick maybe', '1:9: error: mode is "quick"', '1:15: error: loud is "maybe"'],
  ['@0 echo words=x', '1:9: error: echo has no argument named "words"'],
  ['@0 annotate two words', '1:17: error: annotate has too many arguments: it takes 1'],
  [
    '@0 join',
    '1:4: error: join has too few arguments: channel is missing',
    '1:4: error: join has too few arguments: channel is missing',
  ],
  ['@0 join a 1', '1:11: error: join has too many arguments: it takes 1'],
] as const)
  test(`"${line}" is told at its place`, (t) => {
    t.deepEqual(check(line), expected);
  });

test('what a typed parameter takes, and how a command is written, is the hint', (t) => {
  const [type, usage] = checkCommands(loadText('@0 extended_hello two\n@1 extended_hello'), COMMANDS);
  t.is(type?.hint, 'expected an integer from 1 to 9');
  t.is(usage?.hint, 'usage: extended_hello repetitions [separator]');
});

test('a mistake in a loop, a window or for many instances is told once', (t) => {
  t.deepEqual(check('@0 for i in 8 to 12 call extended_hello $i'), ['1:41: error: repetitions is "10"']);
  t.deepEqual(check('@0 for i in 1 to 9 call helo$i'), ['1:25: error: unknown command "helo1"']);
  t.deepEqual(
    check('@0 for i in 1 to 9 call hello $i {$i}').filter((line) => line.includes('error')),
    ['1:31: error: hello has too many arguments: it takes 0'],
  );
  t.deepEqual(check('@0-10 hello 1'), ['1:13: error: hello has too many arguments: it takes 0']);
  t.deepEqual(check('@! set x a {1}\n@! set x b {!1}\n@0 extended_hello $x'), ['3:19: error: repetitions is "a"']);
});

test('every event is checked, also one that no instance has', (t) => {
  t.deepEqual(check('@0 helo {77}'), [
    '1:10: warning: instance 77 is outside 1..5',
    '1:4: error: unknown command "helo": did you mean "hello"?',
  ]);
});

test('the usage of a command shows defaults and rests', (t) => {
  const parameters: readonly Parameter[] = [
    { ...integer('n'), optional: true, default: 3 } as Parameter,
    { type: 'text', name: 'more', rest: true },
  ];
  t.is(usageOf(command('go', parameters, 'M')), 'go [n=3] [more ...]');
});

test('each built-in command says what it does', (t) => {
  t.deepEqual(
    builtInCommands.map(({ name }) => name),
    ['echo', 'annotate', 'peertype', 'set', 'stop'],
  );
  t.true(builtInCommands.every(({ doc }) => doc.endsWith('.')));
});

test('while an include or a module is missing, unknown commands are held back, and known ones are checked', (t) => {
  const text = '@0 hello 1\n@0 helo\n@0 extended_hello $count\n@0 extended_hello zero';
  const lines = (scenario: ReturnType<typeof loadText>, ...loaded: ['some modules'?]) =>
    checkCommands(scenario, COMMANDS, ...loaded).map(({ line }) => line);
  t.deepEqual(lines(loadText(text)), [1, 2, 3, 4]);
  t.deepEqual(lines(loadText(text), 'some modules'), [1, 3, 4]);
  t.deepEqual(lines(loadText(`&include gone\n${text}`)), [2, 5]);
});
