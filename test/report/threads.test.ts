import test, { type ExecutionContext } from 'ava';
import { THREAD_TABLE, type ThreadColumn } from '../../src/output/tables/thread-table.js';
import { runMetricsOf } from '../../src/report/compare/run-metrics.js';
import { keyFiguresOf } from '../../src/report/key-figures.js';
import { summaryOf } from '../../src/report/summary.js';
import { GO_S, type HandMadeRun, handMadeRun } from '../support/hand-made-run.js';

/** Four instances in two threads, looked at once a second; what is the thread's is in no instance's row. */
async function packedRun(t: ExecutionContext): Promise<HandMadeRun> {
  const run = await handMadeRun(t, 4, 4);
  run.append(THREAD_TABLE.file, THREAD_TABLE.columns.join(','));
  for (const timeS of [-0.5, 0, 1, 2, 3, 4]) {
    for (const id of [1, 2, 3, 4])
      run.resources(id, timeS, { timer_lateness_ms: id, bytes_up: 1000 * id * (timeS + 1) });
    for (const thread of [1, 2]) {
      const values: Readonly<Record<ThreadColumn, number>> = {
        user_s: 0.3 * thread * (timeS + 1),
        system_s: 0.1 * thread * (timeS + 1),
        voluntary_switches: 10 * (timeS + 1),
        involuntary_switches: 5 * (timeS + 1),
        heap_bytes: 50e6 * thread,
        external_bytes: 1e6,
        gc_s: 0.02 * thread * (timeS + 1),
        loop_utilization: 0.25 * thread,
        loop_silence_ms: 30 * thread,
      };
      const row = { time: (GO_S + timeS).toFixed(6), thread, instances: thread === 1 ? '1-2' : '3-4', ...values };
      run.append(THREAD_TABLE.file, THREAD_TABLE.columns.map((column) => row[column]).join(','));
    }
  }
  return run;
}

test('threads that instances share are drawn, a line for each, with all that is measured of a thread', async (t) => {
  const run = await packedRun(t);
  for (const [series, ofThread] of [
    ['thread-cpu', 40],
    ['thread-cpu-user', 30],
    ['thread-cpu-system', 10],
    ['thread-heap', 50],
    ['thread-gc', 2],
    ['thread-loop-utilization', 25],
    ['thread-loop-delay', 30],
  ] as const)
    for (const thread of [1, 2])
      t.deepEqual(run.values(series, `thread ${thread}`), new Array(4).fill(ofThread * thread), `${series} ${thread}`);
  t.deepEqual(run.values('thread-context-switches', 'thread 2'), [15, 15, 15, 15]);
  const threads = run.report().series.filter(({ group }) => group === 'Threads');
  for (const { lines } of threads) t.true(lines.every(({ instance }) => instance === undefined));
});

test("what is nobody's own in a shared thread was not measured of an instance: it is absent everywhere, and never zero", async (t) => {
  const run = await packedRun(t);
  const data = run.report();
  const ofInstances = data.series.filter(({ lines }) => lines.some(({ instance }) => instance !== undefined));
  t.deepEqual(ofInstances.map(({ name }) => name).sort(), ['timer-lateness', 'traffic-up']);
  t.deepEqual(data.notes, ['there is no process.csv: nothing in it is shown']);
  for (const { id, values, thread } of data.instances) {
    t.is(thread, id <= 2 ? 1 : 2);
    t.deepEqual(Object.keys(values).sort(), ['latest timer (ms)', 'sent (kB)']);
  }
  const metrics = runMetricsOf(summaryOf(data)).map(({ name }) => name);
  for (const name of ['cpu', 'heap', 'loop-utilization', 'gc', 'loop-delay']) t.false(metrics.includes(name), name);
  for (const name of ['thread-cpu', 'thread-heap', 'timer-lateness']) t.true(metrics.includes(name), name);
  t.deepEqual(
    keyFiguresOf(data).map(({ name }) => name),
    ['sent'],
  );
});

test('an instance with a thread for itself has what is measured of the thread, and no thread is drawn', async (t) => {
  const run = await handMadeRun(t, 3);
  for (const timeS of [0, 1, 2, 3])
    run.resources(1, timeS, { gc_s: 0.05 * timeS, loop_silence_ms: 7, heap_bytes: 2e6 });
  t.deepEqual(run.values('gc'), [5, 5, 5]);
  t.deepEqual(run.values('loop-delay'), [7, 7, 7]);
  t.deepEqual(
    run.report().series.filter(({ name }) => name.startsWith('thread-')),
    [],
  );
  t.is(run.report().instances[0]?.thread, undefined);
});

test('a damaged row of a thread costs only itself', async (t) => {
  const run = await packedRun(t);
  run.append(THREAD_TABLE.file, `${GO_S + 4.5},,1 2${',1'.repeat(THREAD_TABLE.columns.length - 3)}`);
  run.append(THREAD_TABLE.file, `${GO_S + 4.5},1`);
  t.true(run.report().notes.includes('threads.csv: 2 damaged lines left out'));
  t.deepEqual(run.values('thread-cpu', 'thread 1'), [40, 40, 40, 40]);
});
