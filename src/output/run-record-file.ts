import { isProcessIdentity, type ProcessIdentity } from '../runtime/process-identity.js';

/** The file that holds a run's record, and marks a directory as the output of a run. */
export const RUN_RECORD = 'run.json';

/** Where the next record is written, before it takes the place of the one that is there. */
export const NEXT_RUN_RECORD = 'run.json.new';

/** Keeps room on the disk for the run's last record. */
export const RUN_RECORD_RESERVE = 'run.json.reserve';

/** Raised when a field changes its meaning or goes. */
export const RUN_RECORD_VERSION = 1;

/** What every record has, also that of a run that died. */
export interface RunRecordHead {
  readonly experimentName: string;
  /** How the run ended; `running` while it has not. */
  readonly outcome: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** Whether a value that was read from a file is the record of a run: any object may stand in a file of that name. */
export function isRunRecord(value: unknown): value is RunRecordHead {
  if (typeof value !== 'object' || value === null) return false;
  const { version, experimentName, outcome, startedAt } = value as Record<string, unknown>;
  return (
    Number.isInteger(version) &&
    typeof experimentName === 'string' &&
    typeof outcome === 'string' &&
    typeof startedAt === 'string' &&
    !Number.isNaN(Date.parse(startedAt))
  );
}

/** The process of a run that goes on, or died; undefined in a record that names none. */
export function processOf(record: RunRecordHead): ProcessIdentity | undefined {
  const { process } = record as { readonly process?: unknown };
  return isProcessIdentity(process) ? process : undefined;
}
