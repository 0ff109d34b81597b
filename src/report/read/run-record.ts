import { join } from 'node:path';
import { RUN_RECORD } from '../../output/run-record-file.js';
import { GumbyError, toError } from '../../runtime/errors.js';
import { readTextFile } from '../../runtime/read-text-file.js';
import type { LatenessBuckets } from '../../statistics/lateness-histogram.js';
import type { Quantiles } from '../../statistics/quantiles.js';
import type { Verdict } from '../../statistics/verdict.js';
import type { PictureFormat } from '../../runtime/picture-formats.js';

/** What a report needs of `run.json`; the file may be of a run that never ended. */
export interface RunRecord {
  readonly experimentName: string;
  readonly outcome: string;
  readonly seed: string;
  readonly startedAt: string;
  readonly goAt?: string;
  readonly startUpMs?: number;
  readonly durationMs?: number;
  readonly experimentMs?: number;
  /** Names of the files beside the configuration that say what the experiment's own graphs are. */
  readonly ownGraphFiles?: readonly string[];
  readonly versions?: Readonly<Record<string, string>>;
  readonly config?: {
    readonly confFile?: string;
    readonly scenarioFile?: string;
    /** In which formats its graphs are to be drawn. */
    readonly graphs?: readonly PictureFormat[];
    readonly options?: Readonly<Record<string, string>>;
  };
  readonly commands?: { readonly total: number; readonly done: number; readonly failed: number };
  readonly latenessBuckets?: { readonly events?: LatenessBuckets; readonly timers?: LatenessBuckets };
  readonly machine?: Readonly<Record<string, string | number>>;
  readonly latenessMs?: Quantiles;
  readonly failureCount?: number;
  readonly failures?: readonly { readonly message: string; readonly instance?: number; readonly timeS?: number }[];
  readonly instances?: readonly {
    readonly id: number;
    readonly state?: string;
    readonly port?: number;
    readonly failures?: number;
    readonly commands?: { readonly done: number; readonly failed: number };
  }[];
  readonly verdict?: Verdict;
  /** What was left out of it on a full disk. */
  readonly shortened?: string;
}

/** The record of a hundred thousand instances, each of which failed, is smaller. */
const RECORD_BYTES_MAX = 256 * 1024 * 1024;

/** @throws GumbyError REPORT_INPUT_INVALID when the directory is not the output of a run */
export function readRunRecord(outputDir: string): RunRecord {
  const file = join(outputDir, RUN_RECORD);
  const refuse = (why: string, cause?: unknown) =>
    new GumbyError('REPORT_INPUT_INVALID', `${outputDir} holds no output of a run: ${why}`, {
      context: { directory: outputDir },
      ...(cause === undefined ? {} : { cause }),
    });
  const result = readTextFile(file, RECORD_BYTES_MAX);
  if (!result.ok) throw refuse(`${file} cannot be read: ${result.cause?.message ?? result.message}`, result.cause);
  let record: unknown;
  try {
    record = JSON.parse(result.text);
  } catch (error) {
    throw refuse(`${file} cannot be read as JSON: ${toError(error).message}`, error);
  }
  if (!isRecord(record)) throw refuse(`${file} is not the record of a run (it names no experimentName and startedAt)`);
  return record;
}

function isRecord(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { experimentName, startedAt } = value as Partial<Record<keyof RunRecord, unknown>>;
  return typeof experimentName === 'string' && typeof startedAt === 'string' && !Number.isNaN(Date.parse(startedAt));
}
