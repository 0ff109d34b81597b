import test from 'ava';
import { TimeBoard } from '../../../src/runtime/virtual-time/time-board.js';

function running(hostCount: number, lookaheadMs = 1): TimeBoard {
  const board = TimeBoard.forHosts(hostCount, lookaheadMs);
  board.stage = 'run';
  board.horizonMs = Infinity;
  for (let host = 0; host < hostCount; host++) board.setLive(host, 1);
  return board;
}

test('a window begins at the earliest event of all hosts, and is as long as the lookahead', (t) => {
  const board = running(3, 25);
  board.arrive(0, 0, 100);
  board.arrive(1, 0, 70);
  t.is(board.decisionAfter(0), undefined);
  board.arrive(2, 0, Infinity);
  t.deepEqual(board.decisionAfter(0), { kind: 'run', endMs: 95 });
  t.is(board.reachedMs, 70);
  t.is(board.generation, 1);
});

test('windows are the same for one host as for many', (t) => {
  const [one, two] = [running(1), running(2)];
  one.arrive(0, 0, 7);
  two.arrive(0, 0, 9);
  two.arrive(1, 0, 7);
  t.deepEqual(one.decisionAfter(0), two.decisionAfter(0));
});

test('no window goes beyond the horizon, and at the horizon hosts park', (t) => {
  const board = running(1, 10);
  board.horizonMs = 5;
  board.arrive(0, 0, 2);
  t.deepEqual(board.decisionAfter(0), { kind: 'run', endMs: 5 });
  board.arrive(0, 1, 5);
  t.deepEqual(board.decisionAfter(1), { kind: 'park' });
  t.is(board.nextMs, 5);
});

test('hosts park when all calls are answered, or when nobody lives any more', (t) => {
  const board = running(2);
  board.stage = 'calls';
  board.beginCall(1);
  for (const host of [0, 1]) board.arrive(host, 0, 1);
  t.is(board.decisionAfter(0)?.kind, 'run');
  board.endCall(1, 1.5);
  t.is(board.callsDoneMs, 1.5);
  for (const host of [0, 1]) board.arrive(host, 1, 2);
  t.is(board.decisionAfter(1)?.kind, 'park');
  board.stage = 'run';
  board.setLive(0, 0);
  for (const host of [0, 1]) board.arrive(host, 2, 2);
  t.is(board.decisionAfter(2)?.kind, 'run');
  board.setLive(1, 0);
  for (const host of [0, 1]) board.arrive(host, 3, 2);
  t.is(board.decisionAfter(3)?.kind, 'park');
});

test('nobody waits for a host that is gone', (t) => {
  const board = running(2);
  board.beginCall(1);
  board.arrive(0, 0, 3);
  t.is(board.decisionAfter(0), undefined);
  board.remove(1);
  t.deepEqual(board.decisionAfter(0), { kind: 'run', endMs: 4 });
  t.is(board.pendingCalls, 0);
  t.is(board.liveInstances, 1);
  t.true(board.activityOf(1).isWaiting);
});

test('a board of the same memory sees the same', (t) => {
  const board = running(2, 4);
  const other = new TimeBoard(board.memory);
  other.noteEvent(1, 12.5, 77);
  t.deepEqual(board.activityOf(1), { events: 1, entity: 77, isWaiting: false });
  t.is(board.latestMs, 12.5);
  other.callTimeMs = 3;
  t.is(board.callTimeMs, 3);
});
