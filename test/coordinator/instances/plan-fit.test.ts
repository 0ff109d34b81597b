import test from 'ava';
import { checkPlan, machineLimits, type MachineLimits } from '../../../src/coordinator/instances/plan-fit.js';

const MACHINE: MachineLimits = {
  cores: 2,
  memoryBytes: 24e9,
  memoryMaps: 65_000,
  threads: 90_000,
  fileDescriptors: 20_000,
};
const PLACE = { file: 'x.conf' };

test('a plan that fits has nothing said of it', (t) => {
  t.deepEqual(checkPlan({ instances: 200, threads: 200 }, MACHINE, PLACE), []);
  t.deepEqual(checkPlan({ instances: 10_000, threads: 2 }, MACHINE, PLACE), []);
});

test('more threads than memory maps allow are refused, with the number that would fit and the way out', (t) => {
  const [diagnostic, ...rest] = checkPlan({ instances: 2000, threads: 2000 }, MACHINE, PLACE);
  t.deepEqual(rest, []);
  t.deepEqual(diagnostic, {
    file: 'x.conf',
    severity: 'error',
    message:
      '2000 instances in 2000 threads need 78000 memory maps (vm.max_map_count), and this machine has 65000 left',
    hint: 'at most 1666 instances fit as it is; set instances_per_worker=auto to let instances share threads',
  });
  t.deepEqual(
    checkPlan({ instances: 1666, threads: 1666 }, MACHINE, PLACE).filter(({ severity }) => severity === 'error'),
    [],
    'what is said to fit fits',
  );
});

test('each resource that is short is named; one that the system does not tell of is not', (t) => {
  const messages = (machine: MachineLimits, instances: number, threads: number) =>
    checkPlan({ instances, threads }, machine, PLACE).map(({ message }) => /need (.*), and/.exec(message)?.[1]);
  t.deepEqual(messages({ ...MACHINE, fileDescriptors: 1024 }, 100_000, 2), [
    '100076 file descriptors (ulimit -n)',
    '41.0 GB of memory',
  ]);
  t.deepEqual(messages({ ...MACHINE, threads: 100 }, 200, 200), ['216 threads']);
  t.deepEqual(messages({ cores: 2, memoryBytes: 24e9 }, 2000, 2000), [undefined], 'only the hint that it will be late');
});

test('threads that capture packets have a file open each', (t) => {
  const machine = { ...MACHINE, fileDescriptors: 64 + 9 * 500 };
  t.deepEqual(checkPlan({ instances: 500, threads: 500, canBeLate: false }, machine, PLACE), []);
  const [diagnostic] = checkPlan({ instances: 500, threads: 500, canBeLate: false, captures: true }, machine, PLACE);
  t.regex(diagnostic?.message ?? '', /need 5064 file descriptors \(ulimit -n\), and this machine has 4564 left/);
});

test('a plan that fits and will be late is warned of', (t) => {
  const [diagnostic, ...rest] = checkPlan({ instances: 300, threads: 300 }, MACHINE, PLACE);
  t.deepEqual(rest, []);
  t.like(diagnostic, { severity: 'warning' });
  t.regex(diagnostic?.message ?? '', /^300 threads on 2 cores: more than 100 a core will be late/);
  t.regex(diagnostic?.hint ?? '', /instances_per_worker=auto/);
});

test('this machine says what it has', (t) => {
  const limits = machineLimits();
  t.true(limits.cores >= 1 && limits.memoryBytes > 1e8);
  if (process.platform === 'linux') t.true((limits.memoryMaps ?? 0) > 100 && (limits.fileDescriptors ?? 0) > 10);
});
