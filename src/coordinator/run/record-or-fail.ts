import { toError } from '../../runtime/errors.js';
import type { Run } from './run.js';

/** Writes a record. When it cannot be written, because the disk is full say, this is one more failure of the run, which is still shown. */
export function recordOrFail(run: Run, write: () => void): void {
  try {
    write();
  } catch (error) {
    run.failures.add(toError(error));
  }
}
