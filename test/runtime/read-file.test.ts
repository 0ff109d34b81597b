import { execFileSync } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { fileProblem, readRegularFile } from '../../src/runtime/read-file.js';
import { readTextFile } from '../../src/runtime/read-text-file.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test('a pipe, a device, a socket and a directory are told at once, and not opened', async (t) => {
  const directory = await temporaryDirectory(t);
  const path = (name: string) => join(directory, name);
  execFileSync('mkfifo', [path('pipe')]);
  await mkdir(path('folder'));
  const server = createServer().listen(path('socket'));
  t.teardown(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  for (const file of [path('pipe'), path('socket'), '/dev/zero', '/dev/null'])
    t.like(readRegularFile(file), { ok: false, message: 'it is no regular file', missing: undefined }, file);
  t.like(readRegularFile(path('folder')), { ok: false, message: 'it is a directory' });
  for (const file of [path('gone'), path('gone/x')])
    t.like(fileProblem(file), { message: 'it is not there', missing: true });
});

test('a file that is too large is refused unread, and one that only seems small after as much as it may have', async (t) => {
  const file = join(await temporaryDirectory(t), 'large');
  await writeFile(file, '');
  await truncate(file, 64 * 1024 * 1024 + 1);
  t.like(readRegularFile(file), { ok: false, message: 'it is larger than 64 MiB' });
  t.is(fileProblem(file, Infinity), undefined);
  // The kernel says that it has no size, and goes on for as long as it is read.
  t.like(readRegularFile('/proc/self/environ', 1), { ok: false });
  t.true(readRegularFile('/proc/self/status').ok);
});

test('text is told from what is none', async (t) => {
  const file = join(await temporaryDirectory(t), 'file');
  const read = async (...bytes: readonly (string | Buffer)[]) => {
    await writeFile(file, Buffer.concat(bytes.map((each) => Buffer.from(each as string))));
    return readTextFile(file);
  };
  t.deepEqual(await read('\uFEFFgrüße\r\n'), { ok: true, text: 'grüße\r\n' });
  t.deepEqual(await read(''), { ok: true, text: '' });
  t.like(await read('a\nb\0'), { message: 'line 2 is not text: it holds a NUL byte', line: 2 });
  t.like(await read('a\n\nb', Buffer.of(0xe9), 'c\n'), { message: 'line 3 is not UTF-8 text', line: 3 });
  t.like(await read('a\n', Buffer.of(0x7f, 0, 0xff)), { message: 'it is a binary file, no text', line: undefined });
  t.like(await read(Buffer.from('\uFEFFa = b\n', 'utf16le')), { message: 'it is UTF-16 text: save it as UTF-8' });
});
