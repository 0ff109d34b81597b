import { join } from 'node:path';
import { GumbyError, toError } from '../../runtime/errors.js';
import { readTextFile } from '../../runtime/read-text-file.js';
import type { RunRecord } from './run-record.js';
import { isReadable, RECORD_BYTES_MAX, RUN_RECORD } from './run-record-file.js';

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
  if (!isReadable(record))
    throw refuse(`${file} is not the record of a run (it names no experimentName and startedAt)`);
  return record;
}
