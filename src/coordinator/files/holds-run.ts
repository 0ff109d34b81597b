import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  isRunRecord,
  NEXT_RUN_RECORD,
  RECORD_BYTES_MAX,
  RUN_RECORD,
  RUN_RECORD_RESERVE,
} from '../../output/record/run-record-file.js';
import { readTextFile } from '../../runtime/read-text-file.js';
import { isLockName } from './output-lock.js';

/** All files that a run makes in its output directory before its first record is written. */
const FIRST_FILES: readonly string[] = [RUN_RECORD, NEXT_RUN_RECORD, RUN_RECORD_RESERVE];

/**
 * Whether a directory is provably the output of a run: its `run.json` is a run's record, or it holds nothing but the
 * files that a run makes before its record is written. The name `run.json` alone proves nothing, for other programs use
 * it as well.
 */
export function holdsRun(directory: string): boolean {
  const entries = readdirSync(directory);
  const record = entries.includes(RUN_RECORD) ? readJson(join(directory, RUN_RECORD)) : undefined;
  if (isRunRecord(record)) return true;
  const hasBegun = entries.some(isLockName) || isEmptyObject(record);
  return hasBegun && record !== 'unreadable' && entries.every((name) => isLockName(name) || FIRST_FILES.includes(name));
}

/** Whether a value is `{}`, which runs of earlier versions wrote before they had a record. */
function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function readJson(file: string): unknown {
  const read = readTextFile(file, RECORD_BYTES_MAX);
  try {
    return read.ok ? JSON.parse(read.text) : 'unreadable';
  } catch {
    return 'unreadable';
  }
}
