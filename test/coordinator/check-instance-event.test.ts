import test from 'ava';
import fc from 'fast-check';
import { problemOfInstanceEvent } from '../../src/coordinator/check-instance-event.js';
import type { InstanceEvent } from '../../src/instance/protocol.js';
import { serialiseError } from '../../src/runtime/error-transfer.js';

const error = serialiseError(new Error('x', { cause: new TypeError('y') }));

const EVENTS: readonly InstanceEvent[] = [
  { type: 'stage', stage: 'loading modules' },
  { type: 'commands-done', numbers: [0, 1], latenessMs: [0.5, 3] },
  { type: 'command-failed', number: 2, latenessMs: 1, error },
  { type: 'metrics-defined', names: ['pings'] },
  { type: 'fault', what: 'a timer', error },
  { type: 'stopped', unsettled: [[4, 12.5]] },
];

test('every event of an instance passes', (t) => {
  for (const event of EVENTS) t.is(problemOfInstanceEvent(structuredClone(event)), undefined, event.type);
});

test('an event without one of its fields, or with another type of value in it, does not', (t) => {
  for (const event of EVENTS)
    for (const field of Object.keys(event)) {
      const rest = Object.fromEntries(Object.entries(event).filter(([name]) => name !== field));
      t.is(typeof problemOfInstanceEvent(rest), 'string', `${event.type} without ${field}`);
      for (const value of [null, Symbol.iterator, { a: 1 }, [[]], () => 1])
        t.is(typeof problemOfInstanceEvent({ ...event, [field]: value }), 'string', `${event.type}.${field}`);
    }
});

test('anything at all is looked at without an exception', (t) => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withMap: true }), (value) => {
      t.is(typeof problemOfInstanceEvent(value), 'string');
    }),
  );
  for (const type of ['toString', '__proto__', 'constructor', ''])
    t.regex(problemOfInstanceEvent({ type }) ?? '', /is none of ours/);
});
