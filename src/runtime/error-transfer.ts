import { transferHandlers } from 'comlink';
import { type ErrorContext, GumbyError, type ErrorCode, ERROR_CODES } from './errors.js';

/** An error as plain data: what a structured clone of an `Error` loses is kept beside what it keeps. */
export interface SerialisedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly context?: ErrorContext;
  readonly cause?: SerialisedError;
}

/** How deep a chain of causes is followed: a cycle must not go round for ever. */
const CAUSES_MAX = 8;

export function serialiseError(thrown: unknown, depth = 0): SerialisedError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: describeThrown(thrown) };
  const { code, context } = thrown as { code?: unknown; context?: unknown };
  return {
    name: thrown.name,
    message: thrown.message,
    ...(thrown.stack === undefined ? {} : { stack: thrown.stack }),
    ...(typeof code === 'string' ? { code } : {}),
    ...(isCloneable(context) ? { context } : {}),
    ...(thrown.cause === undefined || depth >= CAUSES_MAX ? {} : { cause: serialiseError(thrown.cause, depth + 1) }),
  };
}

export function deserialiseError(serialised: SerialisedError): Error {
  const { name, message, stack, code, context } = serialised;
  const cause = serialised.cause === undefined ? undefined : deserialiseError(serialised.cause);
  const error = isErrorCode(code)
    ? new GumbyError(code, message, { ...(context && { context }), cause })
    : new Error(message, cause && { cause });
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  if (stack !== undefined) error.stack = stack;
  if (code !== undefined && !isErrorCode(code)) Object.assign(error, { code, ...(context && { context }) });
  return error;
}

/**
 * Makes comlink carry errors whole: its own handler keeps name, message and stack only. Called once on either side of the
 * border; the name of the handler, `throw`, is comlink's.
 */
export function installErrorTransfer(): void {
  const original = transferHandlers.get('throw');
  if (original === undefined) throw new Error('this version of comlink has no handler named "throw"');
  transferHandlers.set('throw', {
    canHandle: (value): value is unknown => original.canHandle(value),
    serialize: (value) => [serialiseError((value as { value: unknown }).value), []],
    deserialize: (serialised) => {
      throw deserialiseError(serialised as SerialisedError);
    },
  });
}

function describeThrown(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : `a value that is not an Error was thrown: ${String(thrown)}`;
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return (ERROR_CODES as readonly (string | undefined)[]).includes(code);
}

/** A context that cannot be cloned (it holds a function, say) must not turn one error into another. */
function isCloneable(context: unknown): context is ErrorContext {
  if (typeof context !== 'object' || context === null) return false;
  try {
    structuredClone(context);
    return true;
  } catch {
    return false;
  }
}
