import test from 'ava';
import fc from 'fast-check';
import { ANY_INSTANCE_COUNT } from '../../src/runtime/peers/peer-set.js';
import { complaints, loadText, timelineText } from './load-text.js';

const withoutSet = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('-1 set '));

test('a variable is bound from its line to the end, and a later set replaces it', (t) => {
  const scenario = loadText('@0 echo $x\n@! set x 1\n@1 echo $x\n@! set x two\n@2 echo $x');
  t.deepEqual(timelineText(scenario, 1), ['0 echo $x', '-1 set x 1', '1 echo 1', '-1 set x two', '2 echo two']);
  t.deepEqual(complaints(scenario), ['1:9: warning: $x is bound to nothing and stays as it is']);
});

test('a set with a PEERSPEC is for those instances only; what the others see stays', (t) => {
  const scenario = loadText('@! set x all\n@! set x some {2-3}\n@1 echo $x\n@! set x all-again\n@2 echo $x');
  const expected = (value: string) => [`1 echo ${value}`, '2 echo all-again'];
  t.deepEqual(
    [1, 2, 3, 4].map((peer) => withoutSet(timelineText(scenario, peer))),
    ['all', 'some', 'some', 'all'].map(expected),
  );
});

test('a line that differs between instances is one event for each group that sees the same', (t) => {
  const scenario = loadText('@! set x odd {1,3,5}\n@! set x even {2,4}\n@1 echo $x\n@2 echo $x {1-3}');
  t.deepEqual(
    scenario.events.slice(2).map(({ args, peers }) => [args[0], peers]),
    [
      [
        'odd',
        {
          kind: 'some',
          ranges: [
            { from: 1, to: 1 },
            { from: 3, to: 3 },
            { from: 5, to: 5 },
          ],
        },
      ],
      [
        'even',
        {
          kind: 'some',
          ranges: [
            { from: 2, to: 2 },
            { from: 4, to: 4 },
          ],
        },
      ],
      [
        'odd',
        {
          kind: 'some',
          ranges: [
            { from: 1, to: 1 },
            { from: 3, to: 3 },
          ],
        },
      ],
      ['even', { kind: 'some', ranges: [{ from: 2, to: 2 }] }],
    ],
  );
});

test('whom a variable is not bound for is warned of', (t) => {
  const scenario = loadText('@! set x 1 {2}\n@1 echo $x {2}\n@2 echo $x');
  t.deepEqual(withoutSet(timelineText(scenario, 1)), ['2 echo $x']);
  t.deepEqual(withoutSet(timelineText(scenario, 2)), ['1 echo 1', '2 echo 1']);
  t.deepEqual(complaints(scenario), [
    '3:9: warning: $x is bound to nothing for some of its instances and stays as it is',
  ]);
});

test('a value may be built of others, for each instance', (t) => {
  const scenario = loadText('@! set x a\n@! set x b {2}\n@! set y $x-$x\n@! set x c$x\n@0 echo $y $x');
  t.is(timelineText(scenario, 1).at(-1), '0 echo a-a ca');
  t.is(timelineText(scenario, 2).at(-1), '0 echo b-b cb');
});

test('names are matched whole, and values are not looked through again', (t) => {
  const scenario = loadText(`@! set a 1\n@! set ab '$a'\n@0 echo $ab $a.b $abc`);
  t.is(timelineText(scenario, 1).at(-1), '0 echo 1 1.b $abc');
  t.is(timelineText(loadText('@0 echo $X', { variables: { X: '$X' } }), 1)[0], '0 echo $X');
});

test('variables are replaced anywhere in a line, before it is split', (t) => {
  const variables = { T: '0:10', CMD: 'echo one', Q: `'two three'`, LINE: '@9 echo "whole line"', EMPTY: '' };
  const scenario = loadText('@$T $CMD $Q\n$LINE\n@1 echo "$EMPTY" $EMPTY x\n@2 echo \'$T\'', { variables });
  t.deepEqual(
    scenario.events.map(({ args }) => args),
    [['one', 'two three'], ['whole line'], ['', 'x'], ['0:10']],
  );
  t.deepEqual(timelineText(scenario, 1), ['10 echo one two three', '9 echo whole line', '1 echo  x', '2 echo 0:10']);
});

test('a TIMESPEC and a command may differ between instances', (t) => {
  const scenario = loadText('@! set t 1\n@! set t 2 {2}\n@! set c hello {2}\n@! set c bye {!2}\n@$t $c');
  t.is(timelineText(scenario, 1).at(-1), '1 bye');
  t.is(timelineText(scenario, 2).at(-1), '2 hello');
});

test('a set variable comes before the configuration', (t) => {
  const scenario = loadText('@0 echo $X\n@! set X set {1}\n@1 echo $X', { variables: { X: 'configured' } });
  t.deepEqual(withoutSet(timelineText(scenario, 1)), ['0 echo configured', '1 echo set']);
  t.deepEqual(withoutSet(timelineText(scenario, 2)), ['0 echo configured', '1 echo configured']);
});

test('names that every object has are bound to nothing', (t) => {
  t.is(timelineText(loadText('@0 echo $constructor $__proto__'), 1)[0], '0 echo $constructor $__proto__');
});

test('a value of a selection does not select: the PEERSPEC is what is written', (t) => {
  const scenario = loadText('@! set who {3}\n@0 echo $who', { variables: { who: '{3}' } });
  t.deepEqual(complaints(scenario), ['1:4: error: set has too few arguments: value is missing']);
  t.is(timelineText(scenario, 1).at(-1), '0 echo {3}');
});

for (const [line, complaint] of [
  ['@! set', '1:4: error: set has too few arguments: name, value are missing'],
  ['@! set x', '1:4: error: set has too few arguments: value is missing'],
  ['@! set x 1 2', '1:12: error: set has too many arguments: it takes 2'],
  ['@! set x a=b', '1:10: error: set has no argument named "a"'],
  ['@! set a-b 1', '1:8: error: "a-b" is no name for a variable'],
  ["@! set '' 1", '1:8: error: "" is no name for a variable'],
  ['@5 set x 1', '1:4: error: set binds where it stands in the file, not at a time: its TIMESPEC must be @!'],
  ['@1-2 set x 1', '1:6: error: set binds where it stands in the file, not at a time: its TIMESPEC must be @!'],
] as const)
  test(`"${line}" is an error`, (t) => {
    t.deepEqual(complaints(loadText(line)), [complaint]);
  });

test('a value may be empty, of several words, or hold an =', (t) => {
  const scenario = loadText(
    `@! set a ''\n@! set b "1 2"\n@! set c value=d=e\n@! set name=f value=g\n@0 echo "$a|$b|$c|$f"`,
  );
  t.deepEqual(scenario.diagnostics, []);
  t.deepEqual(scenario.events.at(-1)?.args, ['|1 2|d=e|g']);
});

test('a place in a line with variables is the place as written', (t) => {
  const variables = { A: 'aaaaaaaaaa', Q: '"', N: 'x=1' };
  t.deepEqual(complaints(loadText('@0 echo $A b$Q c', { variables })), [
    '1:13: error: the double quote is never closed',
  ]);
  t.deepEqual(complaints(loadText('@0 echo $A $N $N', { variables })), ['1:15: error: the argument x is given twice']);
  t.deepEqual(complaints(loadText('@$A echo', { variables })), ['1:1: error: "@aaaaaaaaaa" is no time']);
  const [event] = loadText('  @0 $A.b $A"c d" e', { variables }).events;
  t.like(event?.place, { column: 6, length: 4 });
  t.deepEqual(
    event?.words.map(({ column, length }) => [column, length]),
    [
      [11, 7],
      [19, 1],
    ],
  );
});

test('a file that differs between instances cannot be loaded', (t) => {
  const scenario = loadText('@! set x a {1}\n&include $x.scenario\n&module $y.Z');
  t.deepEqual(complaints(scenario), [
    '2:10: error: $x is not the same for all instances',
    '3:9: warning: $y is bound to nothing and stays as it is',
  ]);
});

test('what one instance sees is what it would see alone', (t) => {
  const step = fc.record({
    name: fc.constantFrom('x', 'y'),
    value: fc.constantFrom('1', '2', '$x', 'b$y'),
    who: fc.subarray([1, 2, 3, 4, 5]),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (steps, peer) => {
      const text = steps.flatMap(({ name, value, who }) => [
        `@! set ${name} ${value} ${who.length === 0 ? '' : `{${who.join(',')}}`}`,
        '@0 echo $x $y',
      ]);
      const bound: Record<string, string> = {};
      const expected = steps.map(({ name, value, who }) => {
        const read = (line: string) => line.replaceAll(/\$([xy])/g, (written, key: string) => bound[key] ?? written);
        if (who.length === 0 || who.includes(peer)) bound[name] = read(value);
        return `0 echo ${read('$x $y')}`;
      });
      t.deepEqual(withoutSet(timelineText(loadText(text.join('\n')), peer)), expected);
    }),
  );
});

test('a scenario that is looked at alone has instances without end', (t) => {
  const scenario = loadText('@! set x rest {!2}\n@0 echo $x {2-900000}', { instanceCount: ANY_INSTANCE_COUNT });
  t.deepEqual(withoutSet(timelineText(scenario, 70_000)), ['0 echo rest']);
  t.deepEqual(withoutSet(timelineText(scenario, 900_001)), []);
});

test('1,000 instances with a value each are told apart quickly', (t) => {
  const lines = Array.from({ length: 500 }, (_, index) => `@${index} echo $k {${index + 1}}`);
  const scenario = loadText(['@! for p in 1 to 1000 call set k v$p {$p}', ...lines].join('\n'), {
    instanceCount: 1000,
  });
  t.is(scenario.events.length, 1500);
  t.is(timelineText(scenario, 321).at(-1), '320 echo v321');
});
