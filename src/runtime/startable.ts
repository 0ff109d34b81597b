import { GumbyError, toError } from './errors.js';

/** Something with a life: a socket, a worker, a session. Both calls may be repeated without harm. */
export interface Startable {
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
}

/** Stops all parts in reverse order, each of them even when another failed; the errors come together at the end. */
export async function stopAll(startables: readonly Pick<Startable, 'stop'>[]): Promise<void> {
  const errors: Error[] = [];
  for (const startable of [...startables].reverse()) {
    try {
      await startable.stop();
    } catch (error) {
      errors.push(toError(error));
    }
  }
  if (errors.length === 1) throw errors[0] as Error;
  if (errors.length > 1) {
    const messages = errors.map((error) => error.message).join('; ');
    throw new GumbyError('STOP_FAILED', `${errors.length} parts did not stop cleanly: ${messages}`, {
      cause: new AggregateError(errors),
    });
  }
}
