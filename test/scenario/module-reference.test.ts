import test from 'ava';
import { describeSearch, moduleCandidates, pythonCandidates } from '../../src/scenario/module-reference.js';
import { complaints, loadText } from './load-text.js';

const PLACES = { packageDir: '/package', projectDir: '/project', experimentDir: '/experiment' };

function reference(argument: string) {
  const [found] = loadText(`&module ${argument}`).modules;
  if (found === undefined) throw new Error(`${argument} is no module`);
  return found;
}

for (const [argument, kind, module, className] of [
  ['gumby.modules.dispersy_module.DispersyModule', 'dotted', 'gumby.modules.dispersy_module', 'DispersyModule'],
  ['a.b.c_module', 'dotted', 'a.b.c_module', undefined],
  ['my-experiment.hello-module.Hello', 'dotted', 'my-experiment.hello-module', 'Hello'],
  ['hello_module', 'dotted', 'hello_module', undefined],
  ['Hello', 'dotted', 'Hello', undefined],
  ['./my_module.ts#MyModule', 'path', './my_module.ts', 'MyModule'],
  ['./my_module.ts', 'path', './my_module.ts', undefined],
  ['../with space/m.mjs#M', 'path', '../with space/m.mjs', 'M'],
  ['/absolute/m.js', 'path', '/absolute/m.js', undefined],
] as const)
  test(`&module ${argument} names ${module}, class ${className ?? 'all'}`, (t) => {
    const found = reference(argument);
    t.deepEqual([found.kind, found.module, found.className], [kind, module, className]);
    t.like(found.place, { file: '/project/test.scenario', line: 1, column: 9, length: argument.length });
  });

for (const argument of ['a..b', '.a', 'a.', './m', 'a/b.C', 'two words', './m.ts#not-a-name', './m.rb', '#M'])
  test(`&module ${argument} is an error`, (t) => {
    t.deepEqual(complaints(loadText(`&module ${argument}`)), [`1:9: error: "${argument}" names no module`]);
  });

test('$NAME expands in a module, too', (t) => {
  const [found] = loadText('&module $WHERE.Hello', { variables: { WHERE: 'a.b' } }).modules;
  t.like(found, { module: 'a.b', className: 'Hello', place: { column: 9, length: 12 } });
});

test('gumby. stands for this package', (t) => {
  const candidates = moduleCandidates(reference('gumby.modules.dispersy_module.DispersyModule'), PLACES);
  t.deepEqual(candidates.slice(0, 5), [
    '/package/modules/dispersy_module.ts',
    '/package/modules/dispersy_module.mts',
    '/package/modules/dispersy_module.js',
    '/package/modules/dispersy_module.mjs',
    '/package/modules/dispersy-module.ts',
  ]);
  t.true(candidates.every((candidate) => candidate.startsWith('/package/modules/')));
});

test('a dotted path is tried from the project, then from the experiment, in every spelling', (t) => {
  const typescript = moduleCandidates(reference('my_lab.hello_module.Hello'), PLACES).filter((path) =>
    path.endsWith('.ts'),
  );
  t.deepEqual(typescript, [
    '/project/my_lab/hello_module.ts',
    '/project/my_lab/hello-module.ts',
    '/project/my-lab/hello-module.ts',
    '/experiment/my_lab/hello_module.ts',
    '/experiment/my_lab/hello-module.ts',
    '/experiment/my-lab/hello-module.ts',
  ]);
});

test('a path is tried from the file that names it, then from the project, then from the experiment', (t) => {
  const files = { '/elsewhere/part.scenario': '&module ./m.ts\n&module /m.ts' };
  const [relative, absolute] = loadText('&include /elsewhere/part.scenario', { files }).modules;
  const candidates = [relative, absolute].map((found) => found && moduleCandidates(found, PLACES));
  t.deepEqual(candidates, [['/elsewhere/m.ts', '/project/m.ts', '/experiment/m.ts'], ['/m.ts']]);
});

test('a file in Python is never loaded, and is looked for where Gumby has it', (t) => {
  for (const argument of ['./m.py', './m.py#M', 'a/m.py'])
    t.deepEqual(moduleCandidates(reference(argument), PLACES), []);
  t.deepEqual(pythonCandidates(reference('./m.py#M'), PLACES), ['/project/m.py', '/experiment/m.py']);
  t.deepEqual(pythonCandidates(reference('./m.ts#M'), PLACES), ['/project/m.py', '/experiment/m.py']);
  const dotted = pythonCandidates(reference('gumby.modules.x_module.X'), PLACES);
  for (const file of ['/project/gumby/modules/x_module.py', '/project/gumby/gumby/modules/x_module.py'])
    t.true(dotted.includes(file), file);
  t.false(dotted.some((file) => file.startsWith('/package')));
  const own = pythonCandidates(reference('experiments.foo.foo_module.Foo'), PLACES);
  for (const file of ['/project/experiments/foo/foo_module.py', '/experiment/foo_module.py'])
    t.true(own.includes(file), file);
});

test('where a module was looked for is said in a line, however many spellings there are', (t) => {
  t.is(
    describeSearch(reference('my_lab.hello_module.Hello'), PLACES),
    '/project/my_lab/hello_module.ts and /experiment/my_lab/hello_module.ts, also with .mts, .js, .mjs, and with - for _ or the reverse',
  );
  t.is(describeSearch(reference('./m.ts'), PLACES), '/project/m.ts, /experiment/m.ts');
});
