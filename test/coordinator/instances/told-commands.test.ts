import test from 'ava';
import { ToldCommands } from '../../../src/coordinator/instances/told-commands.js';

function command(name: string, dueMs: number) {
  return { command: name, args: [], kwargs: {}, dueMs, place: `x.scenario:${dueMs}` };
}

function told() {
  const commands = new ToldCommands(3);
  commands.go(1000);
  const numbers = ['a', 'b', 'c'].map((name, index) => commands.tell(command(name, 2000 + index)).number);
  return { commands, numbers: numbers as [number, number, number] };
}

test('what settles is counted, once, and is not unfinished', (t) => {
  const { commands, numbers } = told();
  t.is(commands.settle(numbers[0], 'done')?.command, 'a');
  t.is(commands.settle(numbers[0], 'done'), undefined, 'a second report of it is none');
  t.is(commands.settle(numbers[1], 'failed')?.place, 'x.scenario:2001');
  t.is(commands.settle(99, 'done'), undefined);
  commands.settle(numbers[2], 'done');
  commands.end();
  t.deepEqual(commands.counts, { dispatched: 3, done: 2, failed: 1, unfinished: 0 });
});

test('an instance that stops says what it had begun; the rest was not begun', (t) => {
  const { commands, numbers } = told();
  commands.settle(numbers[0], 'done');
  commands.end(new Map([[numbers[1], 2501]]));
  t.deepEqual(commands.unfinished, [
    { instance: 3, command: 'b', place: 'x.scenario:2001', dueS: 1.001, enteredS: 1.501, fate: 'unsettled' },
    { instance: 3, command: 'c', place: 'x.scenario:2002', dueS: 1.002, fate: 'not-begun' },
  ]);
  commands.end();
  t.is(commands.counts.unfinished, 2, 'the end of its thread adds nothing to what it said itself');
});

test('of an instance that is lost nobody knows more than what it was told; what comes after is told to nobody', (t) => {
  const { commands, numbers } = told();
  commands.settle(numbers[0], 'done');
  commands.end();
  commands.miss(command('d', 9000));
  t.deepEqual(
    commands.unfinished.map(({ command: name, fate }) => [name, fate]),
    [
      ['b', 'lost'],
      ['c', 'lost'],
      ['d', 'not-told'],
    ],
  );
});

test('all are counted, and the first hundred kept', (t) => {
  const { commands } = told();
  for (let index = 0; index < 1000; index++) commands.miss(command('late', index));
  t.is(commands.counts.unfinished, 1000);
  t.is(commands.unfinished.length, 100);
});
