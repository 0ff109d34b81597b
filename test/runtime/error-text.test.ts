import test from 'ava';
import fc from 'fast-check';
import { cutText } from '../../src/runtime/cut-text.js';
import { stackOf } from '../../src/runtime/error-text.js';
import { deserialiseError, serialiseError } from '../../src/runtime/error-transfer.js';
import { formatError } from '../../src/runtime/logger.js';

const MILLION = 'x'.repeat(1_000_000);

test('a text within its limit is left alone, and one beyond it says how much is missing', (t) => {
  t.is(cutText('abc', 3), 'abc');
  t.is(cutText('abcdef', 3), 'abc … (3 more characters were cut)');
  t.is(cutText(MILLION, 10), `${'x'.repeat(10)} … (999,990 more characters were cut)`);
});

test('a text that is cut twice says how much is missing of the first', (t) => {
  t.is(cutText(cutText(MILLION, 4000), 500), cutText(MILLION, 500));
  t.is(cutText(cutText(MILLION, 500), 500), cutText(MILLION, 500));
});

test('no character is ever cut in half, and nothing is lost without being counted', (t) => {
  const property = fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.nat({ max: 20 }), (text, charsMax) => {
    const cut = cutText(text, charsMax + 1);
    const [, kept = '', missing] = /^([^]*) … \(([\d,]+) more characters were cut\)$/.exec(cut) ?? [, cut, '0'];
    t.true(text.startsWith(kept));
    // It throws at half a character.
    t.notThrows(() => encodeURIComponent(kept));
    t.is(kept.length + Number(missing?.replaceAll(',', '')), text.length);
  });
  fc.assert(property, { seed: 10 });
});

test('an error crosses the border with its message cut, and with the places of its stack', (t) => {
  const crossed = deserialiseError(structuredClone(serialiseError(new TypeError(MILLION))));
  t.is(crossed.message, `${'x'.repeat(4000)} … (996,000 more characters were cut)`);
  t.is(crossed.name, 'TypeError');
  t.regex(crossed.stack ?? '', /^TypeError: x{4000} … \(996,000 more characters were cut\)\n {4}at .*error-text\.test/);
});

test('causes, values that are no errors and contexts are cut as well', (t) => {
  const context = { place: 'a.scenario:3', page: MILLION, bytes: new Uint8Array(1_000_000), nested: { MILLION } };
  const error = Object.assign(new Error('short', { cause: new Error('cause', { cause: MILLION }) }), { context });
  const serialised = serialiseError(error);
  t.true(JSON.stringify(serialised).length < 20_000);
  t.deepEqual(serialised.context, {
    place: 'a.scenario:3',
    page: cutText(MILLION, 1000),
    bytes: serialised.context?.['bytes'],
    nested: serialised.context?.['nested'],
  });
  t.regex(String(serialised.context?.['bytes']), /^\(1,000,\d\d\d bytes were cut\)$/);
  t.regex(serialised.cause?.cause?.message ?? '', /^x{4000} … \(996,000 more/);
  t.is(serialiseError(Object.assign(new Error('small'), { context: { line: 3 } })).context?.['line'], 3);
  t.true(formatError(new Error(MILLION, { cause: MILLION })).length < 20_000);
});

test('a stack that is long for itself is cut at its end, and what is no text does no harm', (t) => {
  const error = Object.assign(new Error('deep'), {
    stack: `Error: deep\n${'    at f (file.ts:1:1)\n'.repeat(10_000)}`,
  });
  t.true(stackOf(error).startsWith('Error: deep\n    at f'));
  t.true(stackOf(error).length < 17_000);
  t.notThrows(() => stackOf(Object.assign(new Error('x'), { message: 5, stack: [1, 2] })));
});
