import test from 'ava';
import fc from 'fast-check';
import { ConditionedEndpoint } from '../../src/network/conditions/conditioned-endpoint.js';
import type { PacketRule } from '../../src/network/conditions/packet-rule.js';
import { cut, latency, loss } from '../../src/network/conditions/rules.js';
import { Fabric } from '../../src/network/fabric.js';
import { MemoryEndpoint } from '../../src/network/memory-endpoint.js';
import { createLogger } from '../../src/runtime/logger.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { seededRandom } from '../../src/runtime/random.js';

/** A sender behind conditions, and a receiver that notes what comes in and when. */
function makePair() {
  const clock = new ManualClock();
  const fabric = new Fabric(clock);
  const logged: string[] = [];
  const logger = createLogger('endpoint', (_level, line) => logged.push(line));
  const sender = new ConditionedEndpoint({ endpoint: new MemoryEndpoint({ carrier: fabric, logger }), clock, logger });
  const receiver = new MemoryEndpoint({ carrier: fabric, logger });
  void sender.open();
  void receiver.open();
  const received: string[] = [];
  receiver.onPacket((_source, packet) => received.push(`${packet.toString()} at ${clock.nowMs()}`));
  const send = (text: string) => sender.send(receiver.address ?? { host: '127.0.0.1', port: 9 }, Buffer.from(text));
  return { clock, fabric, sender, receiver, received, logged, send };
}

test('the first rule that does not let a packet pass decides, and those behind it are not asked', (t) => {
  const { clock, sender, received, send } = makePair();
  const asked: string[] = [];
  const ruleFor =
    (name: string, text: string, fate: ReturnType<PacketRule>): PacketRule =>
    ({ packet }) => {
      asked.push(`${name} ${packet.toString()}`);
      return packet.toString() === text ? fate : 'pass';
    };
  sender.conditions.add(ruleFor('first', 'lost', { drop: 'first' }));
  const remove = sender.conditions.add(ruleFor('second', 'late', { deliverAfterMs: 5 }));
  sender.conditions.add(ruleFor('third', 'late', { drop: 'third' }));
  for (const text of ['lost', 'late', 'plain']) send(text);
  clock.advance(10);
  t.deepEqual(received, ['plain at 0', 'late at 5']);
  t.deepEqual(asked, ['first lost', 'first late', 'second late', 'first plain', 'second plain', 'third plain']);
  remove();
  send('late');
  clock.advance(10);
  t.deepEqual(sender.conditionCounts, { offered: 4, handedOn: 2, waiting: 0, dropped: { first: 1, third: 1 } });
});

test('a rule sees where a packet comes from and where it goes', (t) => {
  const { clock, sender, receiver, received, send } = makePair();
  const from = sender.address?.port;
  const to = receiver.address?.port;
  sender.conditions.add(cut(({ source, destination }) => source.port === from && destination.port === to));
  send('lost');
  sender.send({ host: '127.0.0.1', port: from ?? 0 }, Buffer.from('to itself'));
  clock.advance(1);
  t.deepEqual(received, []);
  t.deepEqual(sender.conditionCounts.dropped, { cut: 1 });
  t.is(sender.counts.packetsDown, 1);
});

test('what is kept back is sent as it was, and leaves while time passes, with new rules or without', (t) => {
  const { clock, sender, receiver, received } = makePair();
  const remove = sender.conditions.add(latency(seededRandom('latency'), 20));
  const packet = Buffer.from('kept');
  sender.send(receiver.address ?? { host: '', port: 0 }, packet);
  packet.fill('!');
  remove();
  sender.conditions.add(cut(() => true));
  clock.advance(19);
  t.deepEqual([received, sender.conditionCounts.waiting, sender.counts.packetsUp], [[], 1, 0]);
  clock.advance(1);
  t.deepEqual(received, ['kept at 20']);
});

test('what is kept back when the endpoint closes is lost, counted, and not sent after it is opened again', async (t) => {
  const { clock, sender, received, send } = makePair();
  sender.conditions.add(latency(seededRandom('latency'), 20));
  for (const text of ['one', 'other']) send(text);
  await sender.close();
  t.deepEqual(sender.conditionCounts, { offered: 2, handedOn: 0, waiting: 0, dropped: { 'endpoint was closed': 2 } });
  t.is(clock.pendingCount, 0);
  await sender.open();
  clock.advance(100);
  t.deepEqual(received, []);
});

test('chance is seeded: the same packets are lost and late in the same way', (t) => {
  const outcome = () => {
    const { clock, sender, received, send } = makePair();
    const random = seededRandom('chance');
    sender.conditions.add(loss(random.derive('loss'), 0.3));
    sender.conditions.add(latency(random.derive('latency'), 10, 50));
    for (let number = 0; number < 1000; number++) send(String(number));
    clock.advance(100);
    return received;
  };
  const [first, second] = [outcome(), outcome()];
  t.deepEqual(first, second);
  // 1,000 tries at 0.7: more than six standard deviations either way.
  t.true(first.length > 600 && first.length < 800, String(first.length));
  const times = first.map((text) => Number(text.split(' at ')[1]));
  t.true(Math.min(...times) >= 10 && Math.max(...times) <= 50);
  // With different latencies packets overtake each other.
  const numbers = first.map((text) => Number(text.split(' ')[0]));
  t.notDeepEqual(
    numbers,
    [...numbers].sort((a, b) => a - b),
  );
});

test('a rule that throws, or decides the impossible, loses the packet, is counted, and logged once', (t) => {
  const { clock, sender, received, logged, send } = makePair();
  const fates = [NaN, -1, Infinity].map((deliverAfterMs) => ({ deliverAfterMs }));
  sender.conditions.add(({ packet }) => {
    const fate = fates[Number(packet.toString())];
    if (fate === undefined) throw new Error('a rule of the test');
    return fate;
  });
  for (let number = 0; number < 5; number++) send(String(number));
  clock.advance(10);
  t.deepEqual(received, []);
  t.deepEqual(sender.conditionCounts, { offered: 5, handedOn: 0, waiting: 0, dropped: { 'a rule failed': 5 } });
  t.is(logged.length, 1);
  t.regex(logged[0] as string, /NaN ms/);
});

test('a rule with numbers that mean nothing is refused when it is made', (t) => {
  const random = seededRandom('refused');
  for (const probability of [-0.1, 1.1, NaN]) t.throws(() => loss(random, probability), { instanceOf: RangeError });
  for (const [from, to] of [
    [-1, 1],
    [2, 1],
    [0, Infinity],
    [NaN, 1],
  ] as const)
    t.throws(() => latency(random, from, to), { instanceOf: RangeError });
});

/** What happens to a pair of endpoints, a step at a time. */
const STEPS = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('send' as const) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 40 }).map((advanceMs) => ({ advanceMs })) },
    fc.constantFrom('add loss', 'add latency', 'add cut', 'add failing', 'remove a rule', 'send too much'),
    fc.constantFrom('close sender', 'open sender', 'close receiver', 'open receiver'),
  ),
  { maxLength: 80 },
);

test('nothing is lost without being counted, whatever the rules do and whenever the endpoints close', async (t) => {
  const reasons = new Set<string>();
  await fc.assert(
    fc.asyncProperty(STEPS, fc.integer(), async (steps, seed) => {
      const { clock, fabric, sender, receiver, received, send } = makePair();
      const random = seededRandom(seed);
      const removals: (() => void)[] = [];
      const add = (rule: PacketRule) => removals.push(sender.conditions.add(rule));
      const actions = {
        send: () => send('x'),
        'send too much': () => sender.send({ host: '127.0.0.1', port: 9 }, Buffer.alloc(65_508)),
        'add loss': () => add(loss(random, 0.3)),
        'add latency': () => add(latency(random, 1, 30)),
        'add cut': () => add(cut(() => random.float() < 0.2)),
        'add failing': () =>
          add(() => {
            if (random.float() < 0.1) throw new Error('a rule of the test');
            return 'pass';
          }),
        'remove a rule': () => removals.shift()?.(),
        'close sender': () => sender.close(),
        'open sender': () => sender.open(),
        'close receiver': () => receiver.close(),
        'open receiver': () => receiver.open(),
      };
      let sent = 0;
      for (const step of steps) {
        if (typeof step === 'object') clock.advance(step.advanceMs);
        else {
          if (step === 'send' || step === 'send too much') sent++;
          await actions[step]();
        }
        const { counts, conditionCounts } = sender;
        const lost = Object.values(conditionCounts.dropped).reduce((sum, count) => sum + count, 0);
        const unsent = Object.values(counts.dropped).reduce((sum, count) => sum + count, 0);
        // Of all that was sent: not sendable, lost under way, kept back, or carried by the network …
        t.is(sent, unsent + lost + conditionCounts.waiting + counts.packetsUp);
        t.is(conditionCounts.offered, lost + conditionCounts.waiting + conditionCounts.handedOn);
        // … and of what that carried: delivered, in flight, or for nobody.
        const { carried, delivered, toNobody, inFlight } = fabric.counts;
        t.is(counts.packetsUp, carried);
        t.is(carried, delivered + toNobody + inFlight);
        t.is(delivered, receiver.counts.packetsDown);
        t.is(delivered, received.length);
        for (const reason of Object.keys(conditionCounts.dropped)) reasons.add(reason);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
  t.deepEqual([...reasons].sort(), ['a rule failed', 'cut', 'endpoint was closed', 'loss']);
});
