import test from 'ava';
import { SideFile } from '../../src/host/side-file.js';

class Writer {
  readonly calls: string[] = [];
  failing = false;

  note(what: string): void {
    if (this.failing) throw new Error('the disk is full');
    this.calls.push(what);
  }

  flush(): void {
    this.note('flush');
  }
}

test('a file is made when something is written first, and not for nothing', (t) => {
  const writer = new Writer();
  let opened = 0;
  const open = () => {
    opened++;
    return writer;
  };
  const file = new SideFile('writing', open, t.fail);
  file.flush();
  t.is(opened, 0);
  for (const what of ['one', 'two']) file.write((each) => each.note(what));
  file.flush();
  t.is(opened, 1);
  t.deepEqual(writer.calls, ['one', 'two', 'flush']);
});

test('a failure is told once, and nothing is written after it', (t) => {
  const writer = new Writer();
  const faults: unknown[] = [];
  const file = new SideFile(
    'writing',
    () => writer,
    (what, error) => faults.push(what, (error as Error).message),
  );
  file.write((each) => each.note('one'));
  writer.failing = true;
  file.flush();
  writer.failing = false;
  file.write((each) => each.note('two'));
  file.flush();
  t.deepEqual(writer.calls, ['one']);
  t.deepEqual(faults, ['writing', 'the disk is full']);
});
