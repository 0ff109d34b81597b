import { inspect } from 'node:util';
import { cutText } from './cut-text.js';
import { stackOf } from './error-text.js';

/** Writes log lines. The maker of a logger decides where they go; the rest of the code only uses this interface. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  /** @param error - what was thrown; its stack and chain of causes follow the message. */
  error(message: string, error?: unknown): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type LogSink = (level: LogLevel, line: string) => void;

/** A logger whose lines start with `name`. */
export function createLogger(name: string, sink: LogSink): Logger {
  const line = (level: LogLevel, message: string) => sink(level, `${name}: ${message}`);
  return {
    debug: (message) => line('debug', message),
    info: (message) => line('info', message),
    warn: (message) => line('warn', message),
    error: (message, error) => line('error', error === undefined ? message : `${message}: ${formatError(error)}`),
  };
}

/** How deep a chain of causes is followed: a cycle must not print for ever. */
const CAUSES_MAX = 8;

/** An error's stack with the chain of its causes, each cut when it is too long to be kept. */
export function formatError(error: unknown): string {
  const parts: string[] = [];
  for (let current: unknown = error; current !== undefined && parts.length < CAUSES_MAX;) {
    if (!(current instanceof Error)) {
      parts.push(textOfValue(current));
      break;
    }
    parts.push(stackOf(current));
    current = current.cause;
  }
  return parts.join('\ncaused by: ');
}

function textOfValue(value: unknown): string {
  return cutText(typeof value === 'string' ? value : inspect(value), VALUE_CHARS_MAX);
}

/** How much is shown of a value that was thrown, or given as a cause, without being an error. */
const VALUE_CHARS_MAX = 4_000;
