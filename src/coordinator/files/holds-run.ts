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

/** All that a run has made of its output directory until its first record is written. */
const FIRST_FILES: readonly string[] = [RUN_RECORD, NEXT_RUN_RECORD, RUN_RECORD_RESERVE];

/**
 * Whether a directory is provably the output of a run: its record is one, or it holds nothing but what a run makes before its record is
 * written. A file of the record's name proves nothing, for many a program writes one.
 */
export function holdsRun(directory: string): boolean {
  const entries = readdirSync(directory);
  const record = entries.includes(RUN_RECORD) ? readJson(join(directory, RUN_RECORD)) : undefined;
  if (isRunRecord(record)) return true;
  const hasBegun = entries.some(isLockName) || isEmptyObject(record);
  return hasBegun && record !== 'unreadable' && entries.every((name) => isLockName(name) || FIRST_FILES.includes(name));
}

/** What runs of earlier versions wrote before they had a record. */
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
