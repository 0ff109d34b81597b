import { GumbyError } from './errors.js';

/** Why an instance is gone, as its host knows it: by an exception that nobody caught, or because it ended itself. */
export function lostError(id: number, error: Error): GumbyError {
  const isOwnWish = error instanceof GumbyError && error.code === 'INSTANCE_LOST';
  const message = `instance ${id} ${isOwnWish ? 'ended itself' : 'crashed'}: ${error.message}`;
  return new GumbyError('INSTANCE_LOST', message, isOwnWish ? { context: error.context } : { cause: error });
}
