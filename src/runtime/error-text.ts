import { inspect } from 'node:util';
import { cutText } from './cut-text.js';

/**
 * How many characters of an error's message are kept. A thousand failures are kept of a run, each with its stack: cut
 * like this they take 20 MB at
 * most, and hardly any message of use is longer.
 */
const MESSAGE_CHARS_MAX = 4_000;
const STACK_CHARS_MAX = 16_000;

/** An error's message, cut when it is too long to be kept. */
export function messageOf(error: Error): string {
  return cutText(textOf(error.message), MESSAGE_CHARS_MAX);
}

/** An error's stack. It begins with the error's message, which is cut as `messageOf` cuts it, so that the places below it stay. */
export function stackOf(error: Error): string {
  const message = textOf(error.message);
  const stack = textOf(error.stack ?? `${error.name}: ${message}`);
  const at = message.length > MESSAGE_CHARS_MAX ? stack.indexOf(message) : -1;
  const shortened = at < 0 ? stack : `${stack.slice(0, at)}${messageOf(error)}${stack.slice(at + message.length)}`;
  return cutText(shortened, STACK_CHARS_MAX);
}

/** A message or a stack as a text: whoever threw the error may have given it any value. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}
