import { writeFileSync } from 'node:fs';
import { GumbyError, toError } from '../runtime/errors.js';
import type { Summary } from './summary.js';

/** @throws GumbyError OUTPUT_WRITE_FAILED */
export function writeSummary(file: string, summary: Summary): void {
  try {
    writeFileSync(file, `${JSON.stringify(summary, undefined, 2)}\n`);
  } catch (cause) {
    throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${file}: ${toError(cause).message}`, {
      context: { file },
      cause,
    });
  }
}
