import { deserialiseError, type SerialisedError } from './error-transfer.js';
import { GumbyError } from './errors.js';

/** Why an instance is gone, as its host knows it: by an exception that nobody caught, or because it ended itself. */
export function lostError(id: number, error: Error): GumbyError {
  const isOwnWish = error instanceof GumbyError && error.code === 'INSTANCE_LOST';
  const message = `instance ${id} ${isOwnWish ? 'ended itself' : 'crashed'}: ${error.message}`;
  return new GumbyError('INSTANCE_LOST', message, isOwnWish ? { context: error.context } : { cause: error });
}

/** A failure in a host of which the host cannot tell which of its instances it belongs to. */
export function faultError(
  host: { readonly name: string; readonly ids: readonly number[] },
  { what, error }: { readonly what: string; readonly error: SerialisedError },
): GumbyError {
  return new GumbyError('INSTANCE_FAILED', `${what} in ${host.name}: ${error.message}`, {
    cause: deserialiseError(error),
    context: { ids: host.ids },
  });
}
