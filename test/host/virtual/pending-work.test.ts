import { close, createWriteStream, open as openFile } from 'node:fs';
import { appendFile, mkdir, open, opendir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import test from 'ava';
import { PendingWork } from '../../../src/host/virtual/pending-work.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

/** A look at each turn of the loop sees what a single one would see by chance only. */
const REPEATS = 200;

const WORK: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  'writing a file': (file) => writeFile(file, 'text'),
  'appending to a file': (file) => appendFile(file, 'text'),
  'writing and reading a file': async (file) => {
    await writeFile(file, 'text');
    await readFile(file);
  },
  'opening and closing': async (file) => {
    const handle = await open(file, 'w');
    await handle.sync();
    await handle.close();
  },
  'opening and closing with callbacks': async (file) => {
    const descriptor = await promisify(openFile)(file, 'w');
    await promisify(close)(descriptor);
  },
  'a stream': (file) => pipeline(['one', 'other'], createWriteStream(file)),
  directories: async (file) => {
    await mkdir(file);
    const directory = await opendir(file);
    await directory.close();
    await rename(file, `${file}-moved`);
    await stat(`${file}-moved`);
    await rm(`${file}-moved`, { recursive: true });
  },
};

for (const [name, work] of Object.entries(WORK))
  test.serial(`there is no quiet moment before this is done: ${name}`, async (t) => {
    const directory = await temporaryDirectory(t);
    const pending = new PendingWork();
    let isDone = false;
    let tooEarly = 0;
    const look = (): void => {
      if (isDone) return;
      if (pending.isQuiet) tooEarly++;
      void setImmediate().then(look);
    };
    void setImmediate().then(look);
    for (let count = 0; count < REPEATS; count++) await work(join(directory, String(count)));
    isDone = true;
    t.is(tooEarly, 0);
    // The last request is over when its own turn is.
    await setImmediate();
    t.true(pending.isQuiet);
  });
