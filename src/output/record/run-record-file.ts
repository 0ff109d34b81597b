import { isProcessIdentity, type ProcessIdentity } from '../../runtime/process-identity.js';
import type { RunningRecord, RunRecord } from './run-record.js';

/** The file that holds a run's record, and marks a directory as the output of a run. */
export const RUN_RECORD = 'run.json';

/** Where the next record is written, before it takes the place of the one that is there. */
export const NEXT_RUN_RECORD = 'run.json.new';

/** Keeps room on the disk for the run's last record. */
export const RUN_RECORD_RESERVE = 'run.json.reserve';

/** The version is raised when a field changes its meaning or goes. */
export const RUN_RECORD_VERSION = 1;

/** No record is larger: the record of a hundred thousand instances, each of which failed with its stack, is smaller. */
export const RECORD_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Whether a value that was read from a file proves that its directory is the output of a run: any object may stand in a
 * file of this name. The proof is asked for because such a directory may be moved away.
 */
export function isRunRecord(value: unknown): value is RunRecord {
  if (!isReadable(value)) return false;
  const { version, outcome } = value as Partial<Record<keyof RunRecord, unknown>>;
  return Number.isInteger(version) && typeof outcome === 'string';
}

/**
 * Whether a value has the fields that no report can do without. They are fewer than those that prove a run, because the
 * user has named this directory.
 */
export function isReadable(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { experimentName, startedAt } = value as Partial<Record<keyof RunRecord, unknown>>;
  return typeof experimentName === 'string' && typeof startedAt === 'string' && !Number.isNaN(Date.parse(startedAt));
}

/** The process of a run that goes on, or died; undefined in a record that names no process. */
export function processOf(record: RunRecord): ProcessIdentity | undefined {
  const { process } = record as Partial<Record<keyof RunningRecord, unknown>>;
  return isProcessIdentity(process) ? process : undefined;
}
