import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunFailure } from '../../../src/output/record/run-result.js';
import { type RecordedExperiment, recordHeadOf } from '../../../src/coordinator/files/record-head.js';
import {
  RunRecordWriter,
  type RunRecordWriterComponents,
} from '../../../src/output/record/run-record-writer.js';
import type { RunResult } from '../../../src/output/record/run-result.js';
import { isRunRecord, processOf } from '../../../src/output/record/run-record-file.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { ownIdentity } from '../../../src/runtime/process-identity.js';
import { smallDisk } from '../../support/small-disk.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const STARTED_AT = '2026-01-02T03:04:05.000Z';

const EXPERIMENT: RecordedExperiment = {
  config: {
    experimentName: 'test',
    experimentDir: '/e',
    confFile: '/e/test.conf',
    graphs: ['svg'] as const,
    variables: { INSTANCES: '50' },
  },
  seed: '7',
};

function resultWith(outputDir: string, failures: readonly RunFailure[] = []): RunResult {
  return {
    outcome: 'failed',
    exitCode: 1,
    experimentName: 'test',
    seed: '7',
    outputDir,
    startedAt: STARTED_AT,
    durationMs: 5000,
    commands: { total: 50, done: 49, failed: 1, unfinished: 0 },
    unfinished: [],
    latenessBuckets: { events: [], timers: [] },
    verdict: { validity: 'INVALID', broken: [], unwatched: [], hints: [] },
    failureCount: failures.length,
    failures,
    instances: Array.from({ length: 50 }, (_, index) => ({
      id: index + 1,
      state: 'stopped',
      port: 12_001 + index,
      startMs: 350,
      commands: { dispatched: 1, done: 1, failed: 0, unfinished: 0 },
      failures: 0,
    })),
    externalCommands: [],
  };
}

function failuresOf(count: number, stackChars: number): readonly RunFailure[] {
  return Array.from({ length: count }, (_, index) => ({
    instance: index + 1,
    code: 'OUTPUT_WRITE_FAILED',
    message: `no room ${index}`,
    stack: 'x'.repeat(stackChars),
  }));
}

function begin(outputDir: string, components: RunRecordWriterComponents = {}): RunRecordWriter {
  const head = recordHeadOf(EXPERIMENT);
  return new RunRecordWriter({ outputDir, head, instanceCount: 50, startedAt: STARTED_AT }, components);
}

type ReadRecord = Omit<RunResult, 'outcome'> & { readonly outcome: string; readonly shortened?: string };

function recordIn(outputDir: string): ReadRecord {
  return JSON.parse(readFileSync(join(outputDir, 'run.json'), 'utf8')) as ReadRecord;
}

/** Writes like node does until it is told that the disk is full. */
function fillableDisk() {
  const disk = { isFull: false };
  const writeFile = (file: string, content: string | Uint8Array) => {
    // As on a real one, the file is made, and takes nothing.
    writeFileSync(file, disk.isFull ? '' : content);
    if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  return { disk, writeFile };
}

test('while a run goes on, its record says so, by which process, and when GO was', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const record = begin(outputDir);
  const first = recordIn(outputDir);
  t.true(isRunRecord(first));
  t.like(first, { outcome: 'running', startedAt: STARTED_AT, goAt: undefined });
  t.deepEqual(processOf(first), ownIdentity());
  record.go({ goAt: '2026-01-02T03:04:06.000Z' });
  t.like(recordIn(outputDir), { outcome: 'running', goAt: '2026-01-02T03:04:06.000Z' });
  record.finish(resultWith(outputDir));
  const last = recordIn(outputDir);
  t.like(last, { outcome: 'failed', seed: '7', shortened: undefined });
  t.is(processOf(last), undefined, 'the number of its process means nothing any more');
  t.is(last.instances.length, 50);
  t.deepEqual(readdirSync(outputDir), ['run.json']);
});

test('on a full disk the last record takes the room that was kept for it', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const { disk, writeFile } = fillableDisk();
  const record = begin(outputDir, { writeFile });
  disk.isFull = true;
  const error = t.throws<GumbyError>(() => record.go({ goAt: STARTED_AT }), { instanceOf: GumbyError });
  t.is(error.code, 'OUTPUT_WRITE_FAILED');
  t.regex(error.message, /cannot write .*run\.json: ENOSPC/);
  t.like(recordIn(outputDir), { outcome: 'running' });
  record.finish(resultWith(outputDir, failuresOf(3, 100)));
  t.like(recordIn(outputDir), { outcome: 'failed', failureCount: 3, shortened: undefined });
  t.is(recordIn(outputDir).instances.length, 50);
  t.deepEqual(readdirSync(outputDir), ['run.json']);
});

test('a last record that is larger than the room for it is shortened, and says so', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const { disk, writeFile } = fillableDisk();
  const record = begin(outputDir, { writeFile });
  const reserved = statSync(join(outputDir, 'run.json.reserve')).size;
  disk.isFull = true;
  record.finish(resultWith(outputDir, failuresOf(1000, 16_000)));
  const last = recordIn(outputDir);
  t.like(last, { outcome: 'failed', failureCount: 1000 });
  t.is(last.failures.length, 20);
  t.is(last.failures[19]?.message, 'no room 19');
  t.regex(last.shortened ?? '', /the disk was full: of failures and unfinished commands the first 20 are kept/);
  t.true(statSync(join(outputDir, 'run.json')).size <= reserved);
  t.deepEqual(readdirSync(outputDir), ['run.json']);
});

test('what is no matter of room is told, and leaves no half a record behind', async (t) => {
  const outputDir = await temporaryDirectory(t);
  let mayWrite = true;
  const record = begin(outputDir, {
    writeFile: (file, content) => {
      if (!mayWrite) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
      writeFileSync(file, content);
    },
  });
  mayWrite = false;
  t.regex(t.throws(() => record.finish(resultWith(outputDir))).message, /cannot write .*run\.json: EIO/);
  t.like(recordIn(outputDir), { outcome: 'running' });
  t.deepEqual(readdirSync(outputDir), ['run.json']);
});

test('room that somebody else has taken meanwhile is told of, not passed over', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const { disk, writeFile } = fillableDisk();
  const record = begin(outputDir, { writeFile });
  disk.isFull = true;
  rmSync(join(outputDir, 'run.json.reserve'));
  t.like(
    t.throws(() => record.finish(resultWith(outputDir))),
    { code: 'OUTPUT_WRITE_FAILED' },
  );
  t.like(recordIn(outputDir), { outcome: 'running' });
});

test('a disk that is full from the beginning is told at once, and nothing is left on it', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const { disk, writeFile } = fillableDisk();
  disk.isFull = true;
  t.like(
    t.throws(() => begin(outputDir, { writeFile })),
    { code: 'OUTPUT_WRITE_FAILED' },
  );
  t.deepEqual(readdirSync(outputDir), []);
});

for (const [name, failures] of [
  ['as it is', 3],
  ['shortened', 1000],
] as const)
  test(`on a disk that is really full, to the last byte, the last record is written ${name}`, async (t) => {
    const outputDir = await smallDisk(t, 1_000_000);
    if (outputDir === undefined) {
      t.pass();
      return;
    }
    const record = begin(outputDir);
    fill(t, outputDir);
    t.throws(() => record.go({ goAt: STARTED_AT }), { message: /ENOSPC/ });
    record.finish(resultWith(outputDir, failuresOf(failures, 2000)));
    t.like(recordIn(outputDir), { outcome: 'failed', failureCount: failures });
    t.is(recordIn(outputDir).shortened === undefined, failures === 3);
    t.deepEqual(readdirSync(outputDir).sort(), ['filler', 'run.json']);
  });

function fill(t: ExecutionContext, directory: string): void {
  const file = join(directory, 'filler');
  t.throws(() => {
    for (;;) writeFileSync(file, Buffer.alloc(1000), { flag: 'a' });
  });
}
