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
