import { transferHandlers } from 'comlink';
import { cutText } from './cut-text.js';
import { messageOf, stackOf } from './error-text.js';
import { type ErrorContext, GumbyError, type ErrorCode, ERROR_CODES, toError } from './errors.js';

/**
 * An error as plain data: what a structured clone of an `Error` loses is kept beside what it keeps. Texts that are too long to be
 * kept are cut, and say so: a message of megabytes would cross with every failure of every instance.
 */
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
    message: messageOf(thrown),
    ...(thrown.stack === undefined ? {} : { stack: stackOf(thrown) }),
    ...(typeof code === 'string' ? { code } : {}),
    ...contextOf(context),
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
  return messageOf(toError(thrown));
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return (ERROR_CODES as readonly (string | undefined)[]).includes(code);
}

/** How large a context may be when it crosses, as a structured clone counts it: a context says where something was, and holds no data. */
const CONTEXT_BYTES_MAX = 16_000;
/** How large one entry may be, where all entries together are too large. */
const ENTRY_BYTES_MAX = 1_000;
const ENTRIES_MAX = 16;

/**
 * The context as it crosses. A context that cannot be cloned (it holds a function, say) must not turn one error into
 * another; a context that is too large is cut.
 */
function contextOf(context: unknown): { readonly context?: ErrorContext } {
  if (typeof context !== 'object' || context === null) return {};
  const bytes = clonedBytesOf(context);
  if (bytes === undefined) return {};
  if (bytes <= CONTEXT_BYTES_MAX) return { context: context as ErrorContext };
  const entries = Object.entries(context)
    .slice(0, ENTRIES_MAX)
    .map(([name, value]: [string, unknown]) => [cutText(name, ENTRY_BYTES_MAX), cutValue(value)]);
  return { context: Object.fromEntries(entries) as ErrorContext };
}

function cutValue(value: unknown): unknown {
  if (typeof value === 'string') return cutText(value, ENTRY_BYTES_MAX);
  const bytes = clonedBytesOf(value) ?? 0;
  return bytes <= ENTRY_BYTES_MAX ? value : `(${bytes.toLocaleString('en')} bytes were cut)`;
}

/** The size of a value's structured clone; undefined when the value cannot be cloned. */
function clonedBytesOf(value: unknown): number | undefined {
  try {
    // It is loaded when an error needs it, not at the start of each of hundreds of threads.
    return process.getBuiltinModule('node:v8').serialize(value).length;
  } catch {
    return undefined;
  }
}
