import test from 'ava';
import fc from 'fast-check';
import { GumbyError } from '../../src/runtime/errors.js';
import { formatLogLine, parseLogLine } from '../../src/output/log-line.js';
import type { JsonValue } from '../../src/runtime/json-value.js';

const lineOf = (key: string, value: JsonValue) => formatLogLine({ wallS: 1_795_460_000.123, id: 3, key, value });

/** What is read of a line without its end. */
const valueIn = (line: string) => parseLogLine(line)?.value;

test('the texts of annotate and peertype stand bare, as Gumby wrote them, and all else is JSON', (t) => {
  t.is(lineOf('annotate', 'start-experiment'), '1795460000.123 3 annotate start-experiment\n');
  t.is(lineOf('annotate', 'two words, and more'), '1795460000.123 3 annotate two words, and more\n');
  t.is(lineOf('peertype', 'leecher'), '1795460000.123 3 peertype leecher\n');
  t.is(lineOf('peertype', ''), '1795460000.123 3 peertype \n');
  t.is(lineOf('other', 'leecher'), '1795460000.123 3 other "leecher"\n');
  t.is(lineOf('connections', { nr: 4 }), '1795460000.123 3 connections {"nr":4}\n');
});

test('a script that splits at blanks and compares the rest finds what the scenario said', (t) => {
  const [time, id, key, ...text] = lineOf('annotate', 'start-experiment').split(' ');
  t.deepEqual([Number(time), id, key, text.join(' ').trim()], [1_795_460_000.123, '3', 'annotate', 'start-experiment']);
});

test('outputs whose texts are quoted as JSON are read as before', (t) => {
  t.deepEqual(parseLogLine('1795460000.5 12 annotate "start-experiment"'), {
    wallS: 1_795_460_000.5,
    id: 12,
    key: 'annotate',
    value: 'start-experiment',
  });
  t.is(valueIn('1 2 peertype "a \\"b\\""'), 'a "b"');
  t.is(valueIn('1 2 annotate "never" closed"'), '"never" closed"');
  t.is(valueIn('1 2 annotate {"a": 1}'), '{"a": 1}');
  t.is(valueIn('1 2 annotate 5'), '5');
});

test('what is no entry is none', (t) => {
  for (const line of ['', 'garbage', '1 2', '1 2 key', 'x 2 key 1', '1 2.5 key 1', '1 2 key {"cut": 1', '1 2 key bare'])
    t.is(parseLogLine(line), undefined, line);
});

test('no text breaks its line, or passes for further lines', (t) => {
  for (const end of ['\n', '\r', '\r\n'])
    for (const text of [`a${end}1795460000.123 4 annotate forged`, end, `${end}"`]) {
      const line = lineOf('annotate', text);
      t.deepEqual([line.indexOf('\n'), line.indexOf('\r')], [line.length - 1, -1]);
      t.is(valueIn(line.slice(0, -1)), text);
    }
});

test('no key passes for more than a key', (t) => {
  for (const key of ['', 'two words', 'a\n1 2 annotate forged', 'a\tb', ' a'])
    t.throws(() => lineOf(key, 1), { instanceOf: GumbyError, code: 'PARAMETER_INVALID', message: /a word/ });
  t.throws(() => lineOf('key', undefined as unknown as JsonValue), { message: /the value of key .* no JSON form/ });
});

test('property: whatever is written is read back as what it was, from one line', (t) => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.stringMatching(/^["\r\n a]{0,6}$/));
  fc.assert(
    fc.property(fc.constantFrom('annotate', 'peertype', 'other'), text, (key, value) => {
      const line = lineOf(key, value);
      t.is(line.split(/\r|\n/).length, 2);
      t.is(valueIn(line.slice(0, -1)), value);
    }),
  );
});
