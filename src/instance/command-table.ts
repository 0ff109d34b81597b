import { convertArgument, type Parameter, type ParameterValue } from '../runtime/parameter.js';
import { GumbyError } from '../runtime/errors.js';
import type { CommandDescription } from '../scenario/command-description.js';

/** One method that answers to a command. */
interface Handler {
  readonly description: CommandDescription;
  readonly call: (args: readonly (ParameterValue | undefined)[]) => unknown;
}

/** The handlers of each command in one instance; several modules may answer to the same name. */
export class CommandTable {
  readonly #handlers = new Map<string, Handler[]>();

  add(description: CommandDescription, call: Handler['call']): void {
    for (const name of description.names) {
      const handlers = this.#handlers.get(name);
      if (handlers === undefined) this.#handlers.set(name, [{ description, call }]);
      else handlers.push({ description, call });
    }
  }

  /**
   * Calls every handler of the command, in the order in which their modules were loaded, without waiting for one before
   * the next; settles when all have settled, and fails with the first error.
   */
  async dispatch(command: string, args: readonly string[], kwargs: Readonly<Record<string, string>>): Promise<void> {
    const handlers = this.#handlers.get(command) ?? [];
    const [only] = handlers;
    if (only === undefined) throw new GumbyError('PARAMETER_INVALID', `no loaded module has a command "${command}"`);
    // There is nearly always one handler, and hundreds of threads pass here at the same moment.
    if (handlers.length === 1) {
      await only.call(bindArguments(only.description, args, kwargs));
      return;
    }
    const outcomes = await Promise.allSettled(
      handlers.map(async ({ description, call }) => call(bindArguments(description, args, kwargs))),
    );
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    if (failed.length === 1) throw failed[0]?.reason;
    if (failed.length > 1)
      throw new AggregateError(
        failed.map((outcome) => outcome.reason as unknown),
        failed.map(({ reason }) => (reason instanceof Error ? reason.message : String(reason))).join('; '),
      );
  }
}

/**
 * The arguments of a call in order of position. An argument that is left out is undefined, so that the method's own default holds.
 * @throws GumbyError PARAMETER_INVALID; the scenario was checked by the same rules, so only a caller's mistake gets here.
 */
export function bindArguments(
  description: CommandDescription,
  args: readonly string[],
  kwargs: Readonly<Record<string, string>>,
): readonly (ParameterValue | undefined)[] {
  const rest = description.parameters.find((parameter) => parameter.rest === true);
  const single = description.parameters.filter((parameter) => parameter !== rest);
  const bound = single.map((parameter, position) => {
    const text = args[position] ?? (Object.hasOwn(kwargs, parameter.name) ? kwargs[parameter.name] : undefined);
    if (text !== undefined) return convert(description, parameter, text);
    if (parameter.default !== undefined) return parameter.default;
    if (parameter.optional === true) return undefined;
    throw new GumbyError('PARAMETER_INVALID', `${description.name} needs its argument "${parameter.name}"`);
  });
  const remaining = args.slice(single.length);
  if (rest === undefined && remaining.length > 0)
    throw new GumbyError(
      'PARAMETER_INVALID',
      `${description.name} takes ${single.length} arguments, not ${args.length}`,
    );
  return rest === undefined ? bound : [...bound, ...remaining.map((text) => convert(description, rest, text))];
}

function convert(description: CommandDescription, parameter: Parameter, text: string): ParameterValue {
  const conversion = convertArgument(parameter, text);
  if (conversion.ok) return conversion.value;
  throw new GumbyError(
    'PARAMETER_INVALID',
    `${description.name}: argument "${parameter.name}" is "${text}", expected ${conversion.expected}`,
  );
}
