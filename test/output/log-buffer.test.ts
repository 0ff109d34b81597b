import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { LOG_BUFFER_BYTES, LogBuffer } from '../../src/output/log-buffer.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test('whenever the writer dies, its file ends up with every line once', async (t) => {
  const directory = await temporaryDirectory(t);
  let count = 0;
  const step = fc.oneof(fc.constant('flush' as const), fc.string({ minLength: 1, maxLength: 50 }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.nat(), async (steps, diedAfter) => {
      const path = join(directory, String(count++));
      const buffer = new LogBuffer();
      const file = openSync(path, 'a');
      for (const each of steps)
        if (each === 'flush') buffer.flush(file);
        else t.true(buffer.append(`${each}\n`));
      // It dies while it flushes: some of the bytes are in the file, and nobody has noted it.
      const pending = pendingOf(buffer);
      writeSync(file, pending, 0, pending.length === 0 ? 0 : diedAfter % (pending.length + 1));
      closeSync(file);
      new LogBuffer(buffer.memory).rescue(path);
      new LogBuffer(buffer.memory).rescue(path);
      const expected = steps.filter((each) => each !== 'flush').map((each) => `${each}\n`);
      t.is((await readFile(path, 'utf8').catch(() => '')) || '', Buffer.from(expected.join('')).toString());
    }),
  );
});

function pendingOf(buffer: LogBuffer): Buffer {
  const copy = Buffer.from(new Uint8Array(buffer.memory).slice(16));
  return copy.subarray(0, buffer.pendingBytes);
}

test('what does not fit is refused, and nothing of it kept', (t) => {
  const buffer = new LogBuffer();
  t.false(buffer.append('x'.repeat(LOG_BUFFER_BYTES + 1)));
  t.is(buffer.pendingBytes, 0);
  t.true(buffer.append('x'.repeat(LOG_BUFFER_BYTES)));
  t.false(buffer.append('x'));
});

test('a file that takes no more keeps what is pending for later', async (t) => {
  const path = join(await temporaryDirectory(t), 'log');
  const buffer = new LogBuffer();
  buffer.append('one\n');
  const full = openSync('/dev/full', 'a');
  t.teardown(() => closeSync(full));
  t.throws(() => buffer.flush(full), { code: 'ENOSPC' });
  t.is(buffer.pendingBytes, 4);
  buffer.rescue(path);
  t.is(await readFile(path, 'utf8'), 'one\n');
});
