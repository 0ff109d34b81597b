import { EventEmitter } from 'node:events';
import test from 'ava';
import { expose, wrap } from 'comlink';
import fc from 'fast-check';
import { type DuplexPort, framedPort } from '../../src/runtime/framed-port.js';

class FakePort extends EventEmitter implements DuplexPort {
  readonly sent: unknown[] = [];
  postMessage(message: unknown): void {
    this.sent.push(message);
  }
}

/** Two ports that hand each other clones, as those of a channel do. */
function channel(): readonly [FakePort, FakePort] {
  const [one, other] = [new FakePort(), new FakePort()];
  one.postMessage = (message) => void other.emit('message', structuredClone(message));
  other.postMessage = (message) => void one.emit('message', structuredClone(message));
  return [one, other];
}

test('calls and messages share a port, and none is taken for the other', async (t) => {
  const [ours, theirs] = channel();
  const received: unknown[] = [];
  const far = framedPort(theirs, { onMessage: (message) => received.push(message) });
  expose({ double: (n: number) => 2 * n }, far.calls);
  const near = framedPort(ours);
  const api = wrap<{ double(n: number): number }>(near.calls);
  const answer = api.double(21);
  // A message with the very field by which comlink knows its own.
  near.post({ id: '7', type: 'APPLY', path: ['double'] });
  t.is(await answer, 42);
  t.deepEqual(received, [{ id: '7', type: 'APPLY', path: ['double'] }]);
});

test('whatever else arrives is described and dropped, and nothing throws', (t) => {
  fc.assert(
    fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true }), (value) => {
      const port = new FakePort();
      const problems: string[] = [];
      const messages: unknown[] = [];
      const frames = framedPort(port, {
        onInvalid: (problem) => problems.push(problem),
        onMessage: (message) => messages.push(message),
      });
      // comlink's own listener, for whatever passes as a call.
      wrap(frames.calls);
      port.emit('message', value);
      port.emit('message', ['call', value]);
      port.emit('message', ['message', value]);
      t.is(problems.length, typeof value === 'object' && value !== null ? 1 : 2, JSON.stringify(problems));
      t.deepEqual(messages, [value]);
    }),
  );
  t.pass();
});

test('what is dropped is described in a line, however large', (t) => {
  const port = new FakePort();
  const problems: string[] = [];
  framedPort(port, { onInvalid: (problem) => problems.push(problem) });
  for (const value of [null, 5, 'x'.repeat(1e6), { type: 'nope' }, [1, 2], ['call', null]]) port.emit('message', value);
  t.deepEqual(problems, [
    'null is no message of ours',
    '5 is no message of ours',
    `the text "${'x'.repeat(40)}…" is no message of ours`,
    'an object is no message of ours',
    'a message of the kind 1 is none of ours',
    'null is no call',
  ]);
});
