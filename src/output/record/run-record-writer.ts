import { randomFillSync } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GumbyError } from '../../runtime/errors.js';
import { ownIdentity } from '../../runtime/process-identity.js';
import { orWriteFailed, writeFailed } from '../write-output-file.js';
import { recordsByLength } from './records-by-length.js';
import type { FinishedRecord, RunningRecord, RunRecordHead } from './run-record.js';
import { NEXT_RUN_RECORD, RUN_RECORD, RUN_RECORD_RESERVE } from './run-record-file.js';
import type { RunResult } from './run-result.js';

/** Room for the last record beyond the first one's size: for the verdict and the first failures, and for each instance's row. */
const RESERVE_BYTES = 64_000;
const RESERVE_BYTES_PER_INSTANCE = 400;

export interface RunRecordWriterInit {
  readonly outputDir: string;
  readonly head: RunRecordHead;
  /** How many instances there are; each has a row in the last record. */
  readonly instanceCount: number;
  /** ISO 8601. */
  readonly startedAt: string;
}

export interface RunRecordWriterComponents {
  /** Writes a file that does not exist yet. @default node's `writeFileSync` */
  readonly writeFile?: (file: string, content: string | Uint8Array) => void;
}

/**
 * `run.json`: the configuration in effect, seed, versions; while the run goes on, its process and GO; in the end, the result. The file is
 * replaced in one step, so that it is whole at every moment. Room for the last record is kept from the beginning, so
 * that a disk that the run has filled still takes the last record.
 */
export class RunRecordWriter {
  readonly #file: string;
  readonly #nextFile: string;
  readonly #reserveFile: string;
  readonly #reserveBytes: number;
  readonly #head: RunRecordHead;
  readonly #running: RunningRecord;
  readonly #writeFile: Required<RunRecordWriterComponents>['writeFile'];

  /**
   * Writes the first record, which is that of a run that goes on.
   * @throws GumbyError OUTPUT_WRITE_FAILED
   */
  constructor(
    { outputDir, head, instanceCount, startedAt }: RunRecordWriterInit,
    { writeFile }: RunRecordWriterComponents = {},
  ) {
    this.#file = join(outputDir, RUN_RECORD);
    this.#nextFile = join(outputDir, NEXT_RUN_RECORD);
    this.#reserveFile = join(outputDir, RUN_RECORD_RESERVE);
    this.#writeFile = writeFile ?? writeFileSync;
    this.#head = head;
    this.#running = { ...head, outcome: 'running', startedAt, process: ownIdentity() };
    const first = prettyJson(this.#running);
    this.#reserveBytes = RESERVE_BYTES + first.length + RESERVE_BYTES_PER_INSTANCE * instanceCount;
    try {
      // The bytes are random, because a file system that compresses would keep no room for others.
      this.#writeFile(this.#reserveFile, randomFillSync(Buffer.allocUnsafe(this.#reserveBytes)));
      this.#replace(first);
    } catch (cause) {
      rmSync(this.#reserveFile, { force: true });
      throw this.#error(cause);
    }
  }

  /**
   * Says that the experiment itself has begun.
   * @throws GumbyError OUTPUT_WRITE_FAILED
   */
  go(moments: Pick<RunningRecord, 'goAt' | 'machineGoAt'>): void {
    orWriteFailed(this.#file, () => this.#replace(prettyJson({ ...this.#running, ...moments })));
  }

  /**
   * Says how the run ended; on a full disk in as many words as there is room for.
   * @throws GumbyError OUTPUT_WRITE_FAILED
   */
  finish(result: RunResult): void {
    const record: FinishedRecord = { ...this.#head, ...result };
    try {
      this.#replace(prettyJson(record));
      rmSync(this.#reserveFile, { force: true });
    } catch (cause) {
      if (isDiskFull(cause) && this.#useReserve(recordsByLength(record))) return;
      rmSync(this.#reserveFile, { force: true });
      throw this.#error(cause);
    }
  }

  #replace(text: string): void {
    try {
      this.#writeFile(this.#nextFile, text);
      renameSync(this.#nextFile, this.#file);
    } catch (error) {
      rmSync(this.#nextFile, { force: true });
      throw error;
    }
  }

  /** @param texts - one record in several lengths, the longest first @returns whether one of the texts was written */
  #useReserve(texts: readonly string[]): boolean {
    const fitting = texts.find((text) => Buffer.byteLength(text) <= this.#reserveBytes);
    if (fitting !== undefined && succeeds(() => this.#overwriteReserve(fitting))) return true;
    // On a file system where overwriting takes new room, removing the reserve makes some.
    rmSync(this.#reserveFile, { force: true });
    return texts.some((text) => succeeds(() => this.#replace(text)));
  }

  /** Writes over the reserve: most file systems need no new room for it, so that no other program can take the room in between. */
  #overwriteReserve(text: string): void {
    const descriptor = openSync(this.#reserveFile, 'r+');
    try {
      writeFileSync(descriptor, text);
      ftruncateSync(descriptor, Buffer.byteLength(text));
    } finally {
      closeSync(descriptor);
    }
    renameSync(this.#reserveFile, this.#file);
  }

  #error(cause: unknown): GumbyError {
    return writeFailed(this.#file, cause);
  }
}

function prettyJson(record: RunningRecord | FinishedRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function succeeds(attempt: () => void): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
