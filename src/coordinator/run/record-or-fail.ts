import { toError } from '../../runtime/errors.js';
import type { Run } from './run.js';

/** A record that cannot be written, because the disk is full say, is one failure more, and is still told. */
export function recordOrFail(run: Run, write: () => void): void {
  try {
    write();
  } catch (error) {
    run.failures.add(toError(error));
  }
}
