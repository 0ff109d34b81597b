import { join } from 'node:path';
import test from 'ava';
import { complaints, FIXTURES, loadFixture, loadText, timelineText } from './load-text.js';

test('an included file stands where its line does, with the variables of that place', (t) => {
  const scenario = loadFixture('include/main.scenario', { PART: 'part' });
  t.deepEqual(scenario.diagnostics, []);
  t.deepEqual(timelineText(scenario, 1), [
    '-1 set word before',
    '0 echo before first',
    '1 echo before middle',
    '-1 set word after',
    '2 echo after deeper',
    '3 echo project',
    '4 echo only in the experiment',
    '9 echo after last',
  ]);
  t.is(scenario.events[4]?.place.file, join(FIXTURES, 'include/parts/deeper.scenario'));
});

test('an include cycle prints the chain', (t) => {
  const scenario = loadFixture('cycle/a.scenario');
  const file = (name: string) => join(FIXTURES, 'cycle', `${name}.scenario`);
  const chain = ['a', 'b', 'c', 'a'].map(file).join(' -> ');
  t.deepEqual(complaints(scenario), [`2:12: error: the include goes round in a circle: ${chain}`]);
  t.is(scenario.diagnostics[0]?.file, file('c'));
});

test('the same file may be included twice, and is wrong once', (t) => {
  const files = { '/project/part.scenario': '@0 echo\n@x echo\n' };
  const scenario = loadText('&include part.scenario\n&include part.scenario\n', { files });
  t.is(scenario.events.length, 2);
  t.deepEqual(complaints(scenario), ['2:1: error: "@x" is no time']);
});

test('a file that cannot be included is told with the reason, all of them', (t) => {
  const scenario = loadFixture('bad-includes.scenario');
  const file = (name: string) => join(FIXTURES, name);
  t.deepEqual(complaints(scenario), [
    `2:10: error: the file "folder.scenario" cannot be included: ${file('folder.scenario')}: it is a directory`,
    `3:10: error: the file "bytes/latin1.scenario" cannot be included: ${file('bytes/latin1.scenario')}: line 2 is not UTF-8 text`,
    '4:10: error: there is no file "nowhere.scenario" to include',
  ]);
  t.regex(
    scenario.diagnostics[2]?.hint ?? '',
    /^looked for .*nowhere.scenario, .*project.nowhere.scenario, .*experiment/,
  );
});

test('includes that never end, or multiply beyond measure, are an error', (t) => {
  const deep = Object.fromEntries(
    Array.from({ length: 80 }, (_, level) => [`/project/${level}`, `&include ${level + 1}`]),
  );
  const [message] = complaints(loadText('&include 0', { files: deep }));
  t.regex(message ?? '', /^1:10: error: includes are nested deeper than 64: /);
  const bomb = Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => [`/project/${level}`, `&include ${level + 1}\n&include ${level + 1}`]),
  );
  const scenario = loadText('&include 0', { files: { ...bomb, '/project/40': '# nothing' } });
  t.true(complaints(scenario).every((complaint) => complaint.includes('more than 10000 includes')));
  t.true(scenario.diagnostics.length > 0);
});

const WITH_GAP = `&include gone.scenario
@0 hello $name
@0 echo $name
@$when echo
@0 for i in 1 to $last call echo $i
&include $name.scenario
&module $name.Class
@x echo`;

test('what may follow from a missing include is not complained about, and what stands by itself is', (t) => {
  const scenario = loadText(WITH_GAP);
  t.false(scenario.isComplete);
  t.deepEqual(complaints(scenario), [
    '1:10: error: there is no file "gone.scenario" to include',
    '8:1: error: "@x" is no time',
  ]);
  const whole = loadText(WITH_GAP, { files: { '/project/gone.scenario': '# nothing' } });
  t.false(whole.isComplete, 'the include of line 6 is still missing');
  t.deepEqual(
    complaints(whole).map((each) => each.replace(/: (error|warning).*/, '')),
    ['2:10', '3:9', '4:1', '4:2', '5:18', '6:10', '6:10', '8:1'],
  );
});

test('lines before a missing include cannot follow from it', (t) => {
  t.deepEqual(complaints(loadText('@0 echo $name\n&include gone.scenario')), [
    '1:9: warning: $name is bound to nothing and stays as it is',
    '2:10: error: there is no file "gone.scenario" to include',
  ]);
});

test('a scenario of which a directive cannot be followed is not complete', (t) => {
  for (const line of ['&inclde x', '&include', '&module', '&module ./x.rb', '&include gone'])
    t.false(loadText(line).isComplete, line);
  t.true(loadText('&module a.b.C\n@x echo').isComplete);
});

test('a module that cannot be named says nothing of variables', (t) => {
  t.is(complaints(loadText('&module ./x.rb\n@0 echo $name')).length, 2);
});
