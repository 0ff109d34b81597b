import type { Clock } from '../../runtime/clock.js';
import { cutText } from '../../runtime/cut-text.js';
import { messageOf } from '../../runtime/error-text.js';
import { formatError } from '../../runtime/logger.js';
import type { RunFailure } from '../../output/record/run-result.js';

/** A command that fails every millisecond in a thousand instances must not fill the memory: the rest is counted. */
const FAILURES_KEPT = 1000;

/** The limit for the stacks of an error and all its causes together. */
const STACK_CHARS_MAX = 16_000;

/** All that went wrong, in order of time. */
export class RunFailures {
  readonly kept: RunFailure[] = [];
  /** The number of all failures, also of those that are not kept. */
  count = 0;
  /** The moment of GO; undefined before it. */
  startMs: number | undefined;
  readonly #clock: Clock;
  readonly #recorded = new WeakSet<Error>();
  readonly #onFailure: (failure: RunFailure) => void;

  /** @param clock - the experiment's clock: a failure is dated by seconds since GO */
  constructor(clock: Clock, onFailure: (failure: RunFailure) => void) {
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Adds what ended the run, unless it is the failure of an instance, which is there already. */
  addUnlessRecorded(error: Error): void {
    if (!this.#recorded.has(error)) this.add(error);
  }

  add(error: Error, about: { readonly instance?: number; readonly place?: string } = {}): void {
    this.#recorded.add(error);
    const code = (error as { code?: unknown }).code;
    const failure: RunFailure = {
      ...about,
      code: typeof code === 'string' ? code : 'INSTANCE_FAILED',
      message: messageOf(error),
      ...(this.startMs === undefined ? {} : { timeS: Math.round(this.#clock.nowMs() - this.startMs) / 1000 }),
      stack: cutText(formatError(error), STACK_CHARS_MAX),
    };
    this.count++;
    if (this.kept.length < FAILURES_KEPT) this.kept.push(failure);
    this.#onFailure(failure);
  }
}
