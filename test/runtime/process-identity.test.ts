import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import test from 'ava';
import { isProcessIdentity, ownIdentity, stateOf } from '../../src/runtime/process-identity.js';

const own = ownIdentity();
const onLinux = process.platform === 'linux' ? test : test.skip;

test('this process is alive, and its identity survives a file', (t) => {
  const read: unknown = JSON.parse(JSON.stringify(own));
  t.true(isProcessIdentity(read));
  t.deepEqual(read, own);
  t.is(stateOf(own), 'alive');
});

test('a process that has ended is gone', async (t) => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  t.is(stateOf({ ...own, pid: child.pid as number }), 'gone');
});

onLinux('another process that was given its number is told from it by the time of its start', (t) => {
  t.is(stateOf({ ...own, startTicks: (own.startTicks as number) - 1 }), 'gone');
});

onLinux('a process that is dead, and not yet asked after by its parent, is gone', async (t) => {
  // The shell starts a child, and becomes a program that never asks after it.
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60']);
  t.teardown(() => parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  const stat = () => readFile(`/proc/${pid}/stat`, 'latin1').catch(() => 'reaped');
  while (!/\) Z |reaped/.test(await stat())) await new Promise((resolve) => setTimeout(resolve, 5));
  t.not(await stat(), 'reaped', 'the test itself: there is no zombie to look at');
  t.notThrows(() => process.kill(pid, 0), 'its number is still taken');
  t.is(stateOf({ pid, place: own.place }), 'gone');
});

test('after a restart of the machine it is gone, and where nobody can look it is unknown', (t) => {
  t.is(stateOf({ ...own, bootId: 'another' }), own.bootId === undefined ? 'alive' : 'gone');
  t.is(stateOf({ ...own, place: 'elsewhere' }), 'unknown');
});

test('what is no identity is refused: a number below one would stand for a group of processes', (t) => {
  for (const value of [
    undefined,
    null,
    5,
    {},
    { pid: 1 },
    { ...own, pid: 0 },
    { ...own, pid: -1 },
    { ...own, pid: '1' },
  ])
    t.false(isProcessIdentity(value), JSON.stringify(value));
  t.false(isProcessIdentity({ ...own, startTicks: 'x' }));
});
