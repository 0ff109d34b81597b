import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { GumbyError } from '../../src/runtime/errors.js';
import { appendAnnotation } from '../../src/output/annotation-file.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test('each mark is a line of its own, whatever is in its text', async (t) => {
  const file = join(await temporaryDirectory(t), 'annotations.csv');
  for (const [timeS, text] of [
    [0, 'begin'],
    [12.000123, 'start-seeding'],
    [13, 'two words'],
    [14, 'a\n99.0,forged\r\nb'],
    [15, 'one, "two"'],
  ] as const)
    appendAnnotation(file, timeS, text);
  t.deepEqual((await readFile(file, 'utf8')).split('\n'), [
    '0.000000,begin',
    '12.000123,start-seeding',
    '13.000000,two words',
    '14.000000,"a 99.0,forged b"',
    '15.000000,"one, ""two"""',
    '',
  ]);
});

test('a file that cannot be written is an error that names it', async (t) => {
  const directory = await temporaryDirectory(t);
  const error = t.throws(() => appendAnnotation(directory, 1, 'x'), { instanceOf: GumbyError });
  t.is(error.code, 'OUTPUT_WRITE_FAILED');
  t.true(error.message.startsWith(`cannot write ${directory}: `));
});
