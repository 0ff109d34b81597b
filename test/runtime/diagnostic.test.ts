import test from 'ava';
import { formatDiagnostic } from '../../src/runtime/diagnostic.js';

const place = { severity: 'error', message: 'wrong', file: 'a.scenario', line: 1 } as const;

test('the mark stands under its place, and each line of a hint is indented', (t) => {
  const diagnostic = { ...place, column: 4, length: 4, source: '\t@0 echo', hint: 'one\ntwo' };
  t.is(
    formatDiagnostic(diagnostic),
    'a.scenario:1:4: error: wrong\n    \t@0 echo\n    \t  ^~~~\n    one\n    two'.replace('\t  ^', '\t  ^'),
  );
});

test('of a line of a megabyte only what is around the place is shown', (t) => {
  const source = `${'a'.repeat(500_000)}HERE${'b'.repeat(500_000)}`;
  const [, shown = '', marks = ''] = formatDiagnostic({ ...place, column: 500_001, length: 4, source }).split('\n');
  t.true(shown.length < 300);
  t.is(shown.slice(marks.indexOf('^'), marks.lastIndexOf('~') + 1), 'HERE');
  t.true(shown.trim().startsWith('…aaa') && shown.endsWith('bbb…'));
  const [, start = '', mark = ''] = formatDiagnostic({ ...place, column: 1, length: 9_999_999, source }).split('\n');
  t.true(start.startsWith('    aaa') && start.endsWith('aaa…'));
  t.is(mark.length, start.length);
});
