import test from 'ava';
import { describeTick } from '../../src/cli/views/describe-progress.js';

const TICK = {
  timeS: 600,
  commandsDone: 10,
  commandsTotal: 12,
  instancesUp: 5,
  failures: 0,
  cpuPercent: 4,
  datagramsPerS: 120.4,
  bytesPerS: 14_200,
};

test('a tick says how the run stands, and in virtual time how fast it goes and how long it will take', (t) => {
  const rest = 'events 10 of 12  instances 5 up  failures 0  cpu 4%  120 datagrams/s  14.2 kB/s';
  t.is(describeTick(TICK), `10:00  ${rest}`);
  t.is(describeTick({ ...TICK, virtual: { speed: 48.4, remainingS: 12 } }), `10:00  48× real time, 0:12 left  ${rest}`);
  t.is(describeTick({ ...TICK, virtual: { speed: 0.42 } }), `10:00  0.4× real time  ${rest}`);
});
