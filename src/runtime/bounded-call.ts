import type { Clock } from './clock.js';
import { withDeadline } from './deadline.js';
import { GumbyError } from './errors.js';

export interface BoundedCallInit {
  /** The name of the callee, as messages give it: `instance 3`. */
  readonly name: string;
  /** What the caller waits for, as messages give it: `its set-up`. */
  readonly what: string;
  /** `Infinity` where a limit of a whole stage watches over the call. */
  readonly limitMs: number;
  readonly clock: Clock;
  /** Resolves when the callee is gone; with the reason, when nobody asked it to go. */
  readonly ended: Promise<Error | undefined>;
  /** Whether the callee is gone already: then nothing is invoked, and the call fails with the reason. @default false */
  readonly isGone?: boolean;
}

/**
 * Makes a call that cannot hang: the call races with the end of the callee, and with a limit.
 * @throws GumbyError INSTANCE_LOST when the end comes first, INSTANCE_TIMEOUT after the limit; what the call itself throws
 */
export async function boundedCall<T>(init: BoundedCallInit, invoke: () => Promise<T>): Promise<T> {
  const { name, what, limitMs, clock, ended, isGone = false } = init;
  const lost = ended.then((reason) => {
    throw reason ?? new GumbyError('INSTANCE_LOST', `${name} was ended during ${what}`);
  });
  const expired = () =>
    new GumbyError('INSTANCE_TIMEOUT', `${name} did not finish ${what} within ${limitMs / 1000} s`, {
      context: { what, limitMs },
    });
  const answer = isGone ? lost : Promise.race([invoke(), lost]);
  return limitMs === Infinity ? answer : withDeadline(clock, { limitMs, expired }, answer);
}
