import test from 'ava';
import fc from 'fast-check';
import { loadScenario } from '../../src/scenario/load-scenario.js';
import { complaints, loadFixture, loadText, shown, timelineText } from './load-text.js';

test('the tutorial is read as it is written', (t) => {
  const scenario = loadFixture('hello_world.scenario');
  t.deepEqual(scenario.diagnostics, []);
  t.deepEqual(
    scenario.modules.map(({ module, className }) => [module, className]),
    [
      ['gumby.modules.dispersy_module', 'DispersyModule'],
      ['experiments.hello_world.hello_world_module', 'HelloWorldModule'],
    ],
  );
  const everyone = ['0 isolate_community HelloWorldCommunity', '1 start_session', '2 introduce_peers'];
  everyone.push('15 reset_dispersy_statistics', '15 annotate start-experiment', '30 hello');
  t.deepEqual(timelineText(scenario, 3), [...everyone, '60 extended_hello 2', '70 stop_session', '75 stop']);
  t.deepEqual(timelineText(scenario, 4), [...everyone, '70 stop_session', '75 stop']);
});

test('blank lines and comments are skipped; a later # is an ordinary character', (t) => {
  const scenario = loadText('\n  \t\n# comment\n   # indented\n@0 echo a # b #c\n');
  t.deepEqual(timelineText(scenario, 1), ['0 echo a # b #c']);
});

test('white space around a line and between words does not matter', (t) => {
  t.deepEqual(timelineText(loadText('  \t@0 \t echo   a\tb  {1}  '), 1), ['0 echo a b']);
});

test('words are split as a shell splits them', (t) => {
  const scenario = loadText(`@0 echo 'a b' "c \\" d" e\\ f '' * g'h'"i" ; '#'`);
  t.deepEqual(scenario.events[0]?.args, ['a b', 'c " d', 'e f', '', '*', 'ghi', ';', '#']);
});

test('arguments that are quoted as a shell quotes come back as they were', (t) => {
  const word = fc.string({ maxLength: 8 }).filter((text) => !/[$\n\r\0]|^\w+=/.test(text));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const quoted = words.map((text) => `'${text.replaceAll("'", `'\\''`)}'`);
      t.deepEqual(loadText(`@0 echo ${quoted.join(' ')}`).events[0]?.args, words);
    }),
  );
});

test('name=value is a named argument, quoted or not; its value is all that follows the first =', (t) => {
  const [event] = loadText(`@0 hello a b=c=d "e=f g" =h i-j=k l= __proto__=m 1=2`).events;
  t.deepEqual(event?.args, ['a', '=h', 'i-j=k']);
  t.deepEqual(Object.entries(event?.kwargs ?? {}), [
    ['1', '2'],
    ['b', 'c=d'],
    ['e', 'f g'],
    ['l', ''],
    ['__proto__', 'm'],
  ]);
});

test('the instances of a PEERSPEC, and no others, have the event', (t) => {
  const scenario = loadText('@0 a {3}\n@1 b {1,2}\n@2 c {!2}\n@3 d {}\n@4 e{3-6}\n@5 f { 1, 4-5 }');
  t.deepEqual(timelineText(scenario, 1), ['1 b', '2 c', '3 d', '5 f']);
  t.deepEqual(timelineText(scenario, 2), ['1 b', '3 d']);
  t.deepEqual(timelineText(scenario, 4), ['2 c', '3 d', '4 e', '5 f']);
  t.deepEqual(complaints(scenario), ['5:6: warning: the range 3-6 reaches outside 1..5']);
});

test('braces that are escaped, quoted or not at the end are ordinary characters', (t) => {
  const scenario = loadText(`@0 echo \\{3\\}\n@1 echo '{3}'\n@2 echo {3} x\n@3 echo }`);
  t.deepEqual(timelineText(scenario, 1), ['0 echo {3}', '1 echo {3}', '2 echo {3} x', '3 echo }']);
  t.deepEqual(scenario.diagnostics, []);
});

test('a byte order mark, CRLF and tabs are accepted', (t) => {
  const scenario = loadFixture('bytes/windows.scenario');
  t.deepEqual(scenario.diagnostics, []);
  t.deepEqual(timelineText(scenario, 1), ['0 echo bom', '1 echo tabs', '2 stop']);
  t.deepEqual(
    scenario.events.map(({ place }) => place.line),
    [1, 3, 5],
  );
});

for (const [file, message] of [
  ['bytes/latin1.scenario', '2:-: error: the scenario cannot be read: line 2 is not UTF-8 text'],
  ['bytes/nul.scenario', '2:-: error: the scenario cannot be read: line 2 is not text: it holds a NUL byte'],
  ['folder.scenario', '-:-: error: the scenario cannot be read: it is a directory'],
  ['nowhere.scenario', '-:-: error: the scenario cannot be read: it is not there'],
  ['hello_world.scenario/x', '-:-: error: the scenario cannot be read: it is not there'],
] as const)
  test(`${file} cannot be read`, (t) => {
    t.deepEqual(complaints(loadFixture(file)), [message]);
  });

test('a device is not read: it might never end', (t) => {
  const scenario = loadScenario({
    file: '/dev/zero',
    projectDir: '/',
    experimentDir: '/',
    instanceCount: 1,
    variables: {},
  });
  t.deepEqual(complaints(scenario), ['-:-: error: the scenario cannot be read: it is no regular file']);
});

for (const [line, message, hint] of [
  ['&includ x', 'unknown directive "&includ"', 'did you mean "&include"?'],
  ['&modul x', 'unknown directive "&modul"', 'did you mean "&module"?'],
  ['&', 'unknown directive "&"', 'expected &module or &include'],
  ['&whatever', 'unknown directive "&whatever"', 'expected &module or &include'],
  ['&include', '&include needs a file', 'write &include other.scenario'],
  ['&module', '&module needs a module', 'write &module path.to.file.ClassName or &module ./file.ts#ClassName'],
] as const)
  test(`"${line}" is an error`, (t) => {
    const { diagnostics } = loadText(line);
    t.like(diagnostics[0], { severity: 'error', message, hint, line: 1, column: 1 });
    t.is(diagnostics.length, 1);
  });

for (const [line, complaint] of [
  ['hello', '1:1: error: "hello" is no time'],
  ['hello 3', '1:1: error: "hello" is no time'],
  ['@5', '1:1: error: the command is missing'],
  ['  @5 {3}', '1:3: error: the command is missing'],
  ["@5 ''", '1:1: error: the command is missing'],
  ['@5 echo "a', '1:9: error: the double quote is never closed'],
  ["@5 echo a 'b {3}", '1:11: error: the single quote is never closed'],
  ['@5 echo a\\', '1:10: error: nothing follows the backslash'],
  ['@5 hello x=1 x=2', '1:14: error: the argument x is given twice'],
  ['@5 hello {6-4}', '1:11: error: the range 6-4 has its ends swapped'],
  ['@5 hello {1, x}', '1:14: error: "x" is no instance number or range'],
  ['@5 hello {$i}', '1:11: error: $i cannot select instances: only the variable of a for loop can'],
  ['@5 hello ${NAME}', '1:12: error: "NAME" is no instance number or range'],
  ['@0:20-0:10 hello', '1:1: error: the window @0:20-0:10 ends before it begins'],
] as const)
  test(`"${line}" is an error at its place`, (t) => {
    const scenario = loadText(line);
    t.deepEqual(complaints(scenario), [complaint]);
    t.deepEqual(scenario.events, []);
  });

test('all that is wrong is reported together, in order, and shown with the line and a mark', (t) => {
  const scenario = loadText('@0:1o hello {6-4}\n&inclde x\n\t@1 "hello\n@2 stop {9}');
  t.is(
    shown(scenario),
    `/project/test.scenario:1:1: error: "@0:1o" is no time
    @0:1o hello {6-4}
    ^~~~~
    expected a time like @5, @0:30, @1:00:02.5 or 12, a window like @0:10-0:20, or @! for the start of the experiment
/project/test.scenario:1:14: error: the range 6-4 has its ends swapped
    @0:1o hello {6-4}
                 ^~~
    write 4-6
/project/test.scenario:2:1: error: unknown directive "&inclde"
    &inclde x
    ^~~~~~~
    did you mean "&include"?
/project/test.scenario:3:5: error: the double quote is never closed
    \t@1 "hello
    \t   ^
    quote as in a shell, or put a backslash before the character
/project/test.scenario:4:10: warning: instance 9 is outside 1..5
    @2 stop {9}
             ^`,
  );
});

test('no text whatever makes it throw', (t) => {
  const word = fc.constantFrom(
    ...[
      '@!',
      '@5',
      '@1-2',
      '&include',
      '&module',
      'test.scenario',
      'set',
      'for',
      'i',
      'in',
      '1',
      'to',
      '3',
      'call',
      '$i',
    ],
    ...['{$i}', '{1-3}', '{', '}', '"', "'", '\\', '$', 'a=b', '=', '#', ' ', '\t', '\n', '\uFEFF', '😀', '__proto__'],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(word).map((words) => words.join(' ')),
    fc.array(word).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(text, (source) => {
      const { diagnostics, events } = loadText(source, { variables: { a: '{1}', i: '"' } });
      t.true(diagnostics.every(({ line, column }) => line !== undefined && column !== undefined && column >= 1));
      t.deepEqual(
        events.map(({ sequence }) => sequence),
        [...events.keys()],
      );
    }),
    { numRuns: 1000 },
  );
});

// Any step that goes through the whole line for each of its words would take half an hour.
test('a line with half a million variables is read in seconds', (t) => {
  const scenario = loadText(`@! set a x\n@1 echo ${'$a '.repeat(500_000)}`);
  t.deepEqual(complaints(scenario), []);
  t.is(scenario.events[1]?.args.length, 500_000);
});

test('a name that nobody bound is complained about once a line', (t) => {
  t.deepEqual(complaints(loadText(`@1 echo ${'$b$c '.repeat(1000)}`)), [
    '1:9: warning: $b is bound to nothing and stays as it is',
    '1:11: warning: $c is bound to nothing and stays as it is',
  ]);
});
