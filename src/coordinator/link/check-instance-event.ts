import { describeValue } from '../../runtime/describe-value.js';
import type { SerialisedError } from '../../runtime/error-transfer.js';
import type { InstanceEvent } from '../../protocol/instance-protocol.js';

type FieldCheck = (value: unknown) => boolean;

const isText: FieldCheck = (value) => typeof value === 'string';
const isNumber: FieldCheck = (value) => typeof value === 'number' && Number.isFinite(value);
/** Any number, also NaN, which stands for a value that cannot be measured. */
const isChange: FieldCheck = (value) =>
  Array.isArray(value) &&
  value.length === 2 &&
  Number.isInteger(value[0]) &&
  value[0] >= 0 &&
  typeof value[1] === 'number';
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
  telemetry: { gauges: isListOf(isChange), metrics: isListOf(isChange) },
  warning: { message: isText },
  fault: { what: isText, error: isSerialisedError },
  lost: { error: isSerialisedError },
  stopped: { unsettled: isListOf((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isNumber)) },
};

/**
 * Says what is wrong with a message that claims to be an event of an instance; undefined when nothing is wrong. A
 * thread runs a user's code, which can reach everything in it, so its messages are checked like any other input.
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

/**
 * Does the same as `problemOfInstanceEvent` for a message that claims to come from a host.
 * @param isKnown - whether an instance of this id lives there
 */
export function problemOfHostEvent(value: unknown, isKnown: (id: number) => boolean): string | undefined {
  if (typeof value !== 'object' || value === null) return `${describeValue(value)} is no event of a host`;
  const { from, event } = value as { readonly from?: unknown; readonly event?: unknown };
  if (from === 'host' && (isThreadTelemetry(event) || isParked(event))) return undefined;
  const problem = problemOfInstanceEvent(event);
  if (problem !== undefined) return problem;
  if (from === 'host')
    return (event as InstanceEvent).type === 'fault' ? undefined : 'a host speaks for itself of faults only';
  return typeof from === 'number' && isKnown(from) ? undefined : `${describeValue(from)} is none of its instances`;
}

function isThreadTelemetry(event: unknown): boolean {
  if (typeof event !== 'object' || event === null) return false;
  const { type, gauges } = event as Readonly<Record<string, unknown>>;
  return type === 'thread-telemetry' && isListOf(isChange)(gauges);
}

function isParked(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === 'parked';
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
