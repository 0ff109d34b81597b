/**
 * The one error class of the project. A message names the option or line, the value, the place and the way out;
 * `code` is what programs test for. Every code is explained in docs/errors.md, which a test holds to this list.
 */
export const ERROR_CODES = [
  'MODULE_INVALID',
  'EXPERIMENT_INVALID',
  'COMMAND_LINE_INVALID',
  'FILE_UNREADABLE',
  'OUTPUT_DIRECTORY_REFUSED',
  'OUTPUT_DIRECTORY_IN_USE',
  'OUTPUT_WRITE_FAILED',
  'COMMAND_FAILED',
  'TRACKER_FAILED',
  'INSTANCE_FAILED',
  'INSTANCE_LOST',
  'INSTANCE_TIMEOUT',
  'NOTHING_LEFT',
  'INSTANCE_MESSAGE_INVALID',
  'COMMAND_UNFINISHED',
  'SYNCHRONISATION_STALLED',
  'TIME_LIMIT_REACHED',
  'INTERRUPTED',
  'PORT_UNAVAILABLE',
  'PARAMETER_INVALID',
  'LAUNCHER_CYCLE',
  'MESSAGE_DEFINITION_INVALID',
  'NETWORK_UNCHANGEABLE',
  'SESSION_STATE',
  'PERMISSION_MISSING',
  'STORE_FAILED',
  'STOP_FAILED',
  'REPORT_INPUT_INVALID',
  'GRAPHS_INVALID',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Plain data that says where and with what it went wrong; must survive a structured clone. */
export type ErrorContext = Readonly<Record<string, unknown>>;

export interface GumbyErrorInit {
  readonly context?: ErrorContext;
  readonly cause?: unknown;
}

export class GumbyError extends Error {
  override readonly name = 'GumbyError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, init: GumbyErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.context = init.context ?? {};
  }
}

/** What was thrown, as an `Error`: JavaScript allows throwing anything. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === 'string' ? thrown : `a value that is not an Error was thrown: ${String(thrown)}`);
}
