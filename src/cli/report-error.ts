import { CommanderError } from 'commander';
import type { ErrorCode } from '../runtime/errors.js';
import { formatError } from '../runtime/logger.js';

/** Codes of errors whose message says it all: no stack is printed, and the exit code is that of wrong input. */
const USER_ERRORS: ReadonlySet<string> = new Set<ErrorCode>([
  'MODULE_INVALID',
  'COMMAND_LINE_INVALID',
  'FILE_UNREADABLE',
  'OUTPUT_DIRECTORY_REFUSED',
  'OUTPUT_DIRECTORY_IN_USE',
  'OUTPUT_WRITE_FAILED',
  'REPORT_INPUT_INVALID',
  'GRAPHS_INVALID',
]);

/** Says what went wrong and ends the process: 2 for wrong input, 1 for a fault of ours. */
export function reportAndExit(error: unknown): never {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  process.exit(printError(error) ? 2 : 1);
}

/** Says what went wrong on standard error. @returns whether the user can mend it */
export function printError(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  const isUsers = code !== undefined && USER_ERRORS.has(code);
  process.stderr.write(
    isUsers ? `error: ${message ?? ''}\n` : `this is a fault of gumby itself: ${formatError(error)}\n`,
  );
  return isUsers;
}

/** Makes an action of which every error ends the process as it should. */
export function guarded<A extends unknown[]>(action: (...args: A) => Promise<void>): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args);
    } catch (error) {
      reportAndExit(error);
    }
  };
}
