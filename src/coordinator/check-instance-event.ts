import { describeValue } from '../runtime/describe-value.js';
import type { SerialisedError } from '../runtime/error-transfer.js';
import type { InstanceEvent } from '../instance/protocol.js';

type FieldCheck = (value: unknown) => boolean;

const isText: FieldCheck = (value) => typeof value === 'string';
const isNumber: FieldCheck = (value) => typeof value === 'number' && Number.isFinite(value);
const isListOf = (check: FieldCheck) => (value: unknown) => Array.isArray(value) && value.every(check);

/** The fields of each kind of event. A kind that is missing here does not compile. */
const FIELDS: {
  readonly [Type in InstanceEvent['type']]: Readonly<
    Record<Exclude<keyof Extract<InstanceEvent, { readonly type: Type }>, 'type'>, FieldCheck>
  >;
} = {
  stage: { stage: isText },
  'commands-done': { numbers: isListOf(isNumber), latenessMs: isListOf(isNumber) },
  'command-failed': { number: isNumber, latenessMs: isNumber, error: isSerialisedError },
  'metrics-defined': { names: isListOf(isText) },
  fault: { what: isText, error: isSerialisedError },
  stopped: { unsettled: isListOf((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isNumber)) },
};

/**
 * Says what is wrong with something that claims to be an event of an instance; `undefined` when nothing is. A thread runs a
 * user's code, which can reach everything in it, so what it sends is checked like the input that it is.
 */
export function problemOfInstanceEvent(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return `${describeValue(value)} is no event of an instance`;
  const event = value as Readonly<Record<string, unknown>>;
  const type = event['type'];
  if (typeof type !== 'string' || !Object.hasOwn(FIELDS, type))
    return `an event of the type ${describeValue(type)} is none of ours`;
  for (const [field, isValid] of Object.entries(FIELDS[type as InstanceEvent['type']]))
    if (!isValid(event[field])) return `the event "${type}" has ${describeValue(event[field])} as its "${field}"`;
  return undefined;
}

function isSerialisedError(value: unknown, depth = 0): value is SerialisedError {
  if (typeof value !== 'object' || value === null || depth > 100) return false;
  const { name, message, stack, code, context, cause } = value as Readonly<Record<string, unknown>>;
  return (
    isText(name) &&
    isText(message) &&
    (stack === undefined || isText(stack)) &&
    (code === undefined || isText(code)) &&
    (context === undefined || (typeof context === 'object' && context !== null)) &&
    (cause === undefined || isSerialisedError(cause, depth + 1))
  );
}
