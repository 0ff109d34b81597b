import { existsSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { mergeTrace } from '../../../src/output/trace/merge-trace.js';
import {
  comesBeforeInTrace,
  formatTraceLine,
  parseTraceLine,
  TRACE_FILE,
  TRACE_HEADER,
  type TraceEvent,
  tracePartFile,
} from '../../../src/output/trace/trace-line.js';
import { hashOf, TraceWriter } from '../../../src/output/trace/trace-writer.js';
import { EVENT_KINDS } from '../../../src/runtime/virtual-time/virtual-event.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const event: fc.Arbitrary<TraceEvent> = fc.record({
  timeMs: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 1e9, noNaN: true }).map(Math.abs)),
  instance: fc.integer({ min: -3, max: 8 }),
  kind: fc.constantFrom(...EVENT_KINDS),
  hash: fc.constantFrom('', '0badcafe'),
  what: fc.string().map((text) => text.replaceAll(/[\r\n]/g, '')),
});

test('whatever is written is read back', (t) => {
  fc.assert(fc.property(event, (each) => t.deepEqual(parseTraceLine(formatTraceLine(each).slice(0, -1)), each)));
});

test('a hash is that of its algorithm', (t) => {
  // Test vectors of FNV-1a with 32 bits.
  t.is(hashOf(Buffer.from('')), '811c9dc5');
  t.is(hashOf(Buffer.from('a')), 'e40c292c');
  t.is(hashOf(Buffer.from('foobar')), 'bf9cf968');
});

test('however instances are spread over threads, the trace is the same, and the parts are gone', async (t) => {
  const directory = await temporaryDirectory(t);
  const traceOf = (events: readonly TraceEvent[], hosts: number): string => {
    for (let host = 0; host < hosts; host++) {
      const writer = new TraceWriter(join(directory, tracePartFile(host)));
      for (const each of events) if (Math.abs(each.instance) % hosts === host) writer.note(each, Buffer.from(each.what));
      writer.close();
    }
    mergeTrace(directory, hosts);
    for (let host = 0; host < hosts; host++) t.false(existsSync(join(directory, tracePartFile(host))));
    return readFileSync(join(directory, TRACE_FILE), 'utf8');
  };
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const ordered = events
        .map((each, index) => ({ each, index }))
        .sort((a, b) => (comesBeforeInTrace(a.each, b.each) ? -1 : comesBeforeInTrace(b.each, a.each) ? 1 : a.index - b.index))
        .map(({ each }) => each);
      const one = traceOf(ordered, 1);
      t.true(one.startsWith(`${TRACE_HEADER}\n`));
      t.is(one.split('\n').length, ordered.length + 2);
      for (const hosts of [2, 3, 5]) t.is(traceOf(ordered, hosts), one);
    }),
    { numRuns: 40 },
  );
});

test('a line that was cut off costs only itself', async (t) => {
  const directory = await temporaryDirectory(t);
  const writer = new TraceWriter(join(directory, tracePartFile(0)));
  writer.note({ timeMs: 1, instance: 1, kind: 'timer', what: '' });
  writer.close();
  await appendFile(join(directory, tracePartFile(0)), '2,1,tim');
  mergeTrace(directory, 1);
  t.is(readFileSync(join(directory, TRACE_FILE), 'utf8'), `${TRACE_HEADER}\n1,1,timer,,\n`);
});
