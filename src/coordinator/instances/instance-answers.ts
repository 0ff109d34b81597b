import type { InstanceVars, VarsJson } from '../../protocol/variables.js';
import { describeValue } from '../../runtime/describe-value.js';
import { GumbyError } from '../../runtime/errors.js';

/** The complaint about something that an instance sent and that is none of our messages. */
export function foreignMessage(id: number, problem: string): GumbyError {
  return new GumbyError(
    'INSTANCE_MESSAGE_INVALID',
    `instance ${id} sent a message that is not ours: ${problem}; a module or a library in it uses parentPort, or has changed Node's own functions`,
  );
}

/** Reads the variables that an instance answers with. @throws GumbyError INSTANCE_MESSAGE_INVALID when the text is no such answer */
export function parseVars(json: VarsJson): InstanceVars {
  try {
    const vars: unknown = JSON.parse(json);
    if (typeof json === 'string' && typeof vars === 'object' && vars !== null && !Array.isArray(vars))
      return vars as InstanceVars;
  } catch {
    // A text that is no JSON is refused below, like a value that is no object.
  }
  throw new GumbyError(
    'INSTANCE_MESSAGE_INVALID',
    `its set-up answered with ${describeValue(json)} and not with variables`,
  );
}
