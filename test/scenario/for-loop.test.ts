import test from 'ava';
import { complaints, loadText, timelineText } from './load-text.js';

test('a loop is one event for each integer, both bounds included', (t) => {
  t.deepEqual(timelineText(loadText('@5 for i in 1 to 3 call echo $i'), 1), ['5 echo 1', '5 echo 2', '5 echo 3']);
  t.deepEqual(timelineText(loadText('@5 for i in 1 to 1 call echo'), 1), ['5 echo']);
});

test('it counts down when its bounds do, and below zero', (t) => {
  t.deepEqual(timelineText(loadText('@5 for i in 1 to -1 call echo $i'), 1), ['5 echo 1', '5 echo 0', '5 echo -1']);
});

test('the variable is replaced anywhere in the arguments', (t) => {
  const scenario = loadText(`@! for i in 1 to 2 call echo_values $i a$i.b vval=$i 'c $i'`);
  t.deepEqual(timelineText(scenario, 1), ['-1 echo_values 1 a1.b c 1 | vval=1', '-1 echo_values 2 a2.b c 2 | vval=2']);
});

test('in the PEERSPEC the variable selects the instance of each round', (t) => {
  const scenario = loadText(
    '@0 for i in 1 to 3 call echo $i {$i}\n@1 for i in 1 to 2 call echo $i {4}\n@2 for i in 1 to 2 call echo {$i, 5}',
  );
  t.deepEqual(timelineText(scenario, 2), ['0 echo 2', '2 echo']);
  t.deepEqual(timelineText(scenario, 4), ['1 echo 1', '1 echo 2']);
  t.deepEqual(timelineText(scenario, 5), ['2 echo', '2 echo']);
});

test('a set variable of the same name wins in the arguments, the loop wins in the PEERSPEC', (t) => {
  const scenario = loadText('@! set i foo\n@0 for i in 1 to 3 call echo $i {$i}');
  t.deepEqual(timelineText(scenario, 2), ['-1 set i foo', '0 echo foo']);
});

test('the loop wins over the configuration, and ends with its line', (t) => {
  const scenario = loadText('@0 for i in 1 to 1 call echo $i\n@1 echo $i', { variables: { i: 'configured' } });
  t.deepEqual(timelineText(scenario, 1), ['0 echo 1', '1 echo configured']);
});

test('variables stand in any part of it, the loop variable only after its head', (t) => {
  const variables = { N: '2', HEAD: 'for j in 1 to', i: '3', WHOLE: 'for k in 1 to 2 call echo $' };
  const scenario = loadText('@0 $HEAD $N call echo $j\n@1 for i in 2 to $i call echo $i\n@2 $WHOLE k $k', {
    variables,
  });
  t.deepEqual(scenario.diagnostics, []);
  t.deepEqual(timelineText(scenario, 1), [
    '0 echo 1',
    '0 echo 2',
    '1 echo 2',
    '1 echo 3',
    '2 echo $ k 1',
    '2 echo $ k 2',
  ]);
});

test('a loop may set variables, also those that it is made of', (t) => {
  const scenario = loadText(
    '@! set n 2\n@! for i in 1 to $n call set n 100$i\n@! for p in 1 to 5 call set own v$p {$p}\n@0 echo $n $own',
  );
  t.is(timelineText(scenario, 3).at(-1), '0 echo 1002 v3');
  t.is(timelineText(scenario, 3).length, 5);
});

test('a loop with a value for each instance gives each its own', (t) => {
  const scenario = loadText(
    '@! set v one {1}\n@! set v two {2}\n@! set v rest {3-5}\n@0 for i in 1 to 2 call echo $v $i\n@1 for i in 5 to 1 call echo $v {$i}',
  );
  t.deepEqual(timelineText(scenario, 2).slice(1), ['0 echo two 1', '0 echo two 2', '1 echo two']);
  t.deepEqual(timelineText(scenario, 5).slice(1), ['0 echo rest 1', '0 echo rest 2', '1 echo rest']);
});

test('its bounds may differ between instances', (t) => {
  const scenario = loadText('@! set n 1 {1}\n@! set n 2 {!1}\n@0 for i in 1 to $n call echo $i');
  t.deepEqual(
    [1, 2].map((peer) => timelineText(scenario, peer).length - 1),
    [1, 2],
  );
});

test('what only looks like a loop, or is one by its variables, reads right for each instance', (t) => {
  const values = '@! set n 1 {1}\n@! set n 2 {!1}\n';
  const named = loadText(`${values}@0 for call in 1 to $n call echo $n $call`);
  t.deepEqual(timelineText(named, 2).slice(1), ['0 echo 2 1', '0 echo 2 2']);
  const variables = { T: '@0 echo', C: 'call' };
  t.is(
    timelineText(loadText(`${values}$T for i in 1 to 2 call $n`, { variables }), 2).at(-1),
    '0 echo for i in 1 to 2 call 2',
  );
  t.deepEqual(timelineText(loadText(`${values}@0 for call in 1 to $n $C echo $n`, { variables }), 2).slice(1), [
    '0 echo 2',
    '0 echo 2',
  ]);
});

test('the keywords after for may be in capitals, as Gumby has it', (t) => {
  t.deepEqual(timelineText(loadText('@5 for i IN 1 To 2 CALL echo $i'), 1), ['5 echo 1', '5 echo 2']);
});

for (const [line, complaint] of [
  ['@0 for', "1:4: error: the loop ends where the loop variable's NAME is expected"],
  ['@0 for i', '1:8: error: the loop ends where "in" is expected'],
  ['@0 for i 1 to 10 call f', '1:10: error: expected "in" in the loop, found "1"'],
  ['@0 for i in to 10 call f', '1:13: error: the loop\'s bound "to" is no integer'],
  ['@0 for i in 1 10 call f', '1:15: error: expected "to" in the loop, found "10"'],
  ['@0 for i in 1 to call f', '1:18: error: the loop\'s bound "call" is no integer'],
  ['@0 for i in 1 to 10 f', '1:21: error: expected "call" in the loop, found "f"'],
  ['@0 for i in 1 to 10 call', '1:21: error: the command that the loop calls is missing'],
  ['@0 for i in 1 to 10 call {3}', '1:21: error: the command that the loop calls is missing'],
  ['@0 for i in 1.5 to 10 call f', '1:13: error: the loop\'s bound "1.5" is no integer'],
  ['@0 for i in 1 to $n call f', '1:18: error: the loop\'s bound "$n" is no integer'],
  ['@0 for $i in 1 to 2 call f', '1:8: error: "$i" is no name for a loop\'s variable: write it without "$"'],
  ['@0 for a-b in 1 to 2 call f', '1:8: error: "a-b" is no name for a loop\'s variable: write letters, digits and _'],
  ['@0 for i in 1 to 2 call f {$}', '1:28: error: "$" is no instance number or range'],
  ['@0 for i in 1 to 2 call f {$j}', '1:28: error: $j cannot select instances: only the variable of a for loop can'],
  ['@0 for i in 1 to 9 call f "$i', '1:27: error: the double quote is never closed'],
  ['@x for i in 1 to 9 call f', '1:1: error: "@x" is no time'],
  ['@0 for i in 1 to 9999999 call f', '1:4: error: the loop makes the scenario longer than 1000000 events'],
  ['@0 for i in 1 to 1000001 call f', '1:4: error: the loop makes the scenario longer than 1000000 events'],
  [
    '@0 for i in 1 to 99999999999999999999 call f',
    '1:18: error: the loop\'s bound "99999999999999999999" is no integer',
  ],
  ['@0 for i in 4 to 9 call f {$i}', '1:28: warning: instance 6 is outside 1..5'],
  ['@0 for i in 1 to 9 call f $j', '1:27: warning: $j is bound to nothing and stays as it is'],
] as const)
  test(`"${line}" is told once`, (t) => {
    t.deepEqual(complaints(loadText(line)), [complaint]);
  });

test('only the first place that is wrong in the rounds of a loop is told', (t) => {
  const scenario = loadText('@0 for i in 3 to 1 call f {2-$i}');
  t.deepEqual(complaints(scenario), ['1:28: error: the range 2-1 has its ends swapped']);
});
