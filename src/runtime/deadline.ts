import type { Clock } from './clock.js';

/** A time limit with a name, so that whoever waited too long can say for what. */
export interface Deadline {
  readonly limitMs: number;
  /** The error to fail with. */
  readonly expired: () => Error;
}

/** Settles as `promise` does, or fails with `deadline.expired()` when that takes longer than the limit. */
export async function withDeadline<T>(clock: Clock, deadline: Deadline, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = clock.schedule(deadline.limitMs, () => reject(deadline.expired()));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}
