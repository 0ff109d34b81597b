import type { Clock } from '../../runtime/clock.js';
import { cutText } from '../../runtime/cut-text.js';
import { messageOf } from '../../runtime/error-text.js';
import { GumbyError } from '../../runtime/errors.js';
import { formatError } from '../../runtime/logger.js';
import type { RunFailure } from '../../output/record/run-result.js';

/** A command that fails every millisecond in a thousand instances must not fill the memory: the rest is counted. */
const FAILURES_KEPT = 1000;

/** A thread that is ended takes all its instances with it: a few of them tell as much as all. */
const MACHINE_LIMITS_KEPT = 3;

/** The limit for the stacks of an error and all its causes together. */
const STACK_CHARS_MAX = 16_000;

/** All that went wrong, in order of time. */
export class RunFailures {
  readonly kept: RunFailure[] = [];
  /** The first of those that came about because the machine was too slow or too small, and not by what was done. */
  readonly byMachineLimit: RunFailure[] = [];
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
    if (isByMachineLimit(error) && this.byMachineLimit.length < MACHINE_LIMITS_KEPT) this.byMachineLimit.push(failure);
    if (this.kept.length < FAILURES_KEPT) this.kept.push(failure);
    this.#onFailure(failure);
  }
}

/** Whether an error, or what it was caused by, says that a limit of the machine was reached. */
function isByMachineLimit(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < CAUSES_MAX; each = each.cause, depth++)
    if (each instanceof GumbyError && each.context['machineLimit'] === true) return true;
  return false;
}

/** An error may be its own cause. */
const CAUSES_MAX = 100;
