import test from 'ava';
import fc from 'fast-check';
import { EventQueue } from '../../../src/runtime/virtual-time/event-queue.js';
import { comesBefore, type VirtualEvent } from '../../../src/runtime/virtual-time/virtual-event.js';

const event = fc.record({
  timeMs: fc.integer({ min: 0, max: 5 }),
  rank: fc.integer({ min: 0, max: 2 }),
  target: fc.integer({ min: -1, max: 2 }),
  source: fc.integer({ min: -1, max: 2 }),
  isCancelled: fc.boolean(),
});

const numbered = fc
  .array(event, { maxLength: 200 })
  .map((events) => events.map((each, sequence) => ({ ...each, sequence })));

function emptied(queue: EventQueue): VirtualEvent[] {
  const taken: VirtualEvent[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) taken.push(next);
  return taken;
}

test('events come out in their total order, in whatever order they went in, without those that were cancelled', (t) => {
  fc.assert(
    fc.property(numbered, (events) => {
      const queue = new EventQueue();
      const made = events.map(({ isCancelled, ...fields }) => {
        const each: VirtualEvent = { ...fields, run: () => {}, detail: undefined };
        queue.push(each);
        return { each, isCancelled };
      });
      for (const { each, isCancelled } of made) if (isCancelled) queue.cancel(each);
      const kept = made.filter(({ isCancelled }) => !isCancelled).map(({ each }) => each);
      t.is(queue.size, kept.length);
      const sorted = [...kept].sort((one, other) => (comesBefore(one, other) ? -1 : 1));
      t.is(queue.nextMs, sorted[0]?.timeMs ?? Infinity);
      t.deepEqual(emptied(queue), sorted);
      t.is(queue.size, 0);
    }),
  );
});

test('a queue does not keep what was cancelled', (t) => {
  const queue = new EventQueue();
  const last: VirtualEvent = {
    timeMs: 1e9,
    rank: 0,
    target: 1,
    source: 1,
    sequence: 0,
    run: () => {},
    detail: undefined,
  };
  queue.push(last);
  const refs: WeakRef<object>[] = [];
  for (let sequence = 1; sequence <= 100_000; sequence++) {
    const each: VirtualEvent = {
      timeMs: 1e8 + sequence,
      rank: 0,
      target: 1,
      source: 1,
      sequence,
      run: () => {},
      detail: undefined,
    };
    queue.push(each);
    queue.cancel(each);
    if (sequence < 10) refs.push(new WeakRef(each));
  }
  t.is(queue.size, 1);
  t.is(queue.pop(), last);
  t.is(queue.pop(), undefined);
});
