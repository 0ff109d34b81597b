import test from 'ava';
import fc from 'fast-check';
import { PERMISSIONS, type Permission } from '../../../src/dispersy/permission/permission.js';
import type { Grants, PermissionEntry } from '../../../src/dispersy/permission/permission-entry.js';
import { Timeline } from '../../../src/dispersy/permission/timeline.js';

const MESSAGE_ID = 1;
const OTHER_ID = 2;
const SETTINGS_ID = 236;

/** A member, by one digit; 0 is the master member. */
const mid = (member: number) => Buffer.alloc(20, member);

function makeTimeline(events: readonly PermissionEntry[]): Timeline {
  const timeline = new Timeline(mid(0));
  for (const event of events) timeline.add(event);
  return timeline;
}

type Grant = readonly [member: number, permission: Permission, messageId?: number];

function change(kind: Grants['kind'], by: number, globalTime: number, ...grants: readonly Grant[]): PermissionEntry {
  return {
    mid: mid(by),
    globalTime: BigInt(globalTime),
    packet: Buffer.from(`${kind} ${by} ${globalTime}`),
    change: {
      kind,
      grants: grants.map(([member, permission, messageId = MESSAGE_ID]) => ({
        mid: mid(member),
        messageId,
        permission,
      })),
    },
  };
}

function authorize(by: number, globalTime: number, ...grants: readonly Grant[]): PermissionEntry {
  return change('authorize', by, globalTime, ...grants);
}

function revoke(by: number, globalTime: number, ...grants: readonly Grant[]): PermissionEntry {
  return change('revoke', by, globalTime, ...grants);
}

function settings(by: number, globalTime: number, index: number, messageId = MESSAGE_ID): PermissionEntry {
  return {
    mid: mid(by),
    globalTime: BigInt(globalTime),
    packet: Buffer.from(`settings ${by} ${globalTime}`),
    change: { kind: 'dynamic-settings', policies: [{ messageId, index }] },
  };
}

function permits(timeline: Timeline, member: number, globalTime: number, permission: Permission = 'permit'): boolean {
  return timeline.isPermitted(mid(member), MESSAGE_ID, permission, BigInt(globalTime));
}

const PROOF_PACKETS = (timeline: Timeline, member: number, globalTime: number, messageId = MESSAGE_ID) =>
  timeline.proofs(mid(member), messageId, 'permit', BigInt(globalTime)).map(String);

test('the master member may do everything at all times, and nobody else anything', (t) => {
  const timeline = new Timeline(mid(0));
  for (const permission of PERMISSIONS) {
    t.true(permits(timeline, 0, 0, permission));
    t.true(permits(timeline, 0, 1_000_000, permission));
    t.false(permits(timeline, 1, 1_000_000, permission));
  }
});

test('a permission holds from the next global time on, until the one after its end', (t) => {
  const timeline = makeTimeline([authorize(0, 10, [1, 'permit']), revoke(0, 20, [1, 'permit'])]);
  t.deepEqual(
    [9, 10, 11, 20, 21].map((globalTime) => permits(timeline, 1, globalTime)),
    [false, false, true, true, false],
  );
  t.false(permits(timeline, 1, 15, 'undo'));
  t.false(timeline.isPermitted(mid(1), OTHER_ID, 'permit', 15n));
});

test('permissions come down a chain of members who may authorize', (t) => {
  const timeline = makeTimeline([
    authorize(0, 1, [1, 'authorize']),
    authorize(1, 2, [2, 'authorize']),
    authorize(2, 3, [3, 'permit']),
  ]);
  t.true(permits(timeline, 3, 4));
  // Who may authorize may not for that reason do it.
  t.false(permits(timeline, 2, 4));
});

test('whoever may not authorize or revoke changes nothing', (t) => {
  const timeline = makeTimeline([
    authorize(0, 1, [1, 'permit'], [3, 'permit']),
    authorize(1, 2, [2, 'permit']),
    authorize(2, 2, [2, 'permit']),
    revoke(1, 3, [3, 'permit']),
  ]);
  t.false(permits(timeline, 2, 4));
  t.true(permits(timeline, 3, 4));
  t.deepEqual(
    timeline.entries.map((event) => timeline.stands(event)),
    [true, false, false, false],
  );
});

test('who was permitted at the same global time was not permitted yet', (t) => {
  const timeline = makeTimeline([authorize(0, 5, [1, 'authorize']), authorize(1, 5, [2, 'permit'])]);
  t.false(permits(timeline, 2, 6));
});

test('a change of two kinds of message needs the permission for both', (t) => {
  const timeline = makeTimeline([authorize(0, 1, [1, 'authorize']), authorize(1, 2, [2, 'permit'], [2, 'permit', 2])]);
  t.false(permits(timeline, 2, 3));
});

test('what is revoked from one does not fall back on those whom it permitted before', (t) => {
  const timeline = makeTimeline([
    authorize(0, 1, [1, 'authorize']),
    authorize(1, 2, [2, 'permit']),
    revoke(0, 3, [1, 'authorize']),
    authorize(1, 4, [3, 'permit']),
  ]);
  t.true(permits(timeline, 2, 5));
  t.false(permits(timeline, 3, 5));
});

test('a policy is in force from the next global time on, if its member was permitted to switch it', (t) => {
  const timeline = makeTimeline([
    settings(1, 1, 2),
    authorize(0, 2, [1, 'permit', SETTINGS_ID]),
    settings(1, 3, 1),
    settings(0, 6, 0),
  ]);
  t.deepEqual(
    [1, 2, 3, 4, 6, 7].map((globalTime) => timeline.policyIndexAt(MESSAGE_ID, BigInt(globalTime))),
    [0, 0, 0, 1, 1, 0],
  );
  t.is(timeline.policyIndexAt(OTHER_ID, 10n), 0);
  t.is(timeline.policyProof(MESSAGE_ID, 4n)?.toString(), 'settings 1 3');
  t.is(timeline.policyProof(MESSAGE_ID, 3n), undefined);
});

test('an event that is removed leaves no trace, also not in what followed from it', (t) => {
  const first = authorize(0, 1, [1, 'authorize']);
  const timeline = makeTimeline([first, authorize(1, 2, [2, 'permit'])]);
  timeline.remove(first);
  t.false(permits(timeline, 2, 3));
  t.is(timeline.find(mid(0), 1n), undefined);
  timeline.remove(first);
  timeline.add(first);
  t.true(permits(timeline, 2, 3));
});

test('proofs lead from the master member to the member, in the order in which they are understood', (t) => {
  const timeline = makeTimeline([
    authorize(0, 1, [1, 'authorize']),
    authorize(0, 2, [9, 'permit']),
    authorize(1, 3, [2, 'authorize']),
    authorize(2, 4, [3, 'permit']),
  ]);
  t.deepEqual(PROOF_PACKETS(timeline, 3, 5), ['authorize 0 1', 'authorize 1 3', 'authorize 2 4']);
  t.deepEqual(PROOF_PACKETS(timeline, 3, 4), []);
  t.deepEqual(PROOF_PACKETS(timeline, 0, 5), []);
});

test('a revoke proves that a member was not permitted', (t) => {
  const timeline = makeTimeline([
    authorize(0, 1, [1, 'revoke']),
    authorize(0, 2, [2, 'permit']),
    revoke(1, 3, [2, 'permit']),
  ]);
  t.deepEqual(PROOF_PACKETS(timeline, 2, 4), ['authorize 0 1', 'revoke 1 3']);
});

test('proofs of a change of several kinds of message are those for all of them', (t) => {
  const timeline = makeTimeline([
    authorize(0, 1, [1, 'authorize', MESSAGE_ID]),
    authorize(0, 2, [1, 'authorize', OTHER_ID]),
    authorize(1, 3, [2, 'permit', MESSAGE_ID], [2, 'permit', OTHER_ID]),
  ]);
  t.deepEqual(PROOF_PACKETS(timeline, 2, 4), ['authorize 0 1', 'authorize 0 2', 'authorize 1 3']);
});

const MEMBERS = [0, 1, 2, 3];
const member = fc.constantFrom(...MEMBERS);
const kindOfMessage = fc.constantFrom(MESSAGE_ID, OTHER_ID, SETTINGS_ID);
const grants = fc.array(fc.tuple(member, fc.constantFrom(...PERMISSIONS), kindOfMessage), {
  minLength: 1,
  maxLength: 4,
});
const globalTime = fc.integer({ min: 1, max: 12 });
const anyChange = fc
  .tuple(fc.constantFrom('authorize' as const, 'revoke' as const), member, globalTime, grants)
  .map(([kind, by, time, given]) => change(kind, by, time, ...given));
const anySettings = fc
  .tuple(member, globalTime, fc.integer({ min: 0, max: 2 }), kindOfMessage)
  .map(([by, time, index, id]) => settings(by, time, index, id));
// A store has at most one message of a member at a global time.
const anyEvents = fc.uniqueArray(fc.oneof({ arbitrary: anyChange, weight: 3 }, anySettings), {
  selector: (event) => `${event.mid.toString('hex')} ${event.globalTime}`,
  maxLength: 20,
});

function answersOf(timeline: Timeline): unknown {
  const times = Array.from({ length: 15 }, (_, time) => BigInt(time));
  return times.map((time) => [
    MEMBERS.flatMap((each) =>
      [MESSAGE_ID, OTHER_ID, SETTINGS_ID].flatMap((id) =>
        PERMISSIONS.map((permission) => [
          timeline.isPermitted(mid(each), id, permission, time),
          timeline.proofs(mid(each), id, permission, time).map(String),
        ]),
      ),
    ),
    [MESSAGE_ID, OTHER_ID].map((id) => [timeline.policyIndexAt(id, time), timeline.policyProof(id, time)?.toString()]),
  ]);
}

test('the same events give the same answers in whatever order they come, with others that come and go', (t) => {
  const orders = anyEvents.chain((events) =>
    fc.tuple(
      fc.constant(events),
      fc.shuffledSubarray(events, { minLength: events.length }),
      fc.subarray(events).chain((some) => fc.shuffledSubarray(some, { minLength: some.length })),
    ),
  );
  fc.assert(
    fc.property(orders, ([events, shuffled, comeAndGo]) => {
      const timeline = makeTimeline(shuffled);
      for (const event of comeAndGo) timeline.remove(event);
      for (const event of comeAndGo) timeline.add(event);
      t.deepEqual(answersOf(timeline), answersOf(makeTimeline(events)));
    }),
    { numRuns: 60 },
  );
  t.pass();
});

test('proofs alone give the same answer as all events together', (t) => {
  fc.assert(
    fc.property(anyEvents, member, globalTime, (events, asked, time) => {
      const timeline = makeTimeline(events);
      const proofs = timeline.proofs(mid(asked), MESSAGE_ID, 'permit', BigInt(time)).map(String);
      // In the order in which they are given, each is permitted by those before it.
      const proven = makeTimeline([]);
      for (const proof of proofs) {
        const event = events.find(({ packet }) => String(packet) === proof);
        if (event === undefined) return false;
        if (!proven.mayChange(event)) return false;
        proven.add(event);
      }
      return permits(proven, asked, time) === permits(timeline, asked, time);
    }),
    { numRuns: 500 },
  );
  t.pass();
});
