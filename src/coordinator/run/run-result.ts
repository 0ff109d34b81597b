import type { LatenessBuckets } from '../../statistics/lateness-histogram.js';
import type { Quantiles } from '../../statistics/quantiles.js';
import type { Verdict } from '../../statistics/verdict.js';
import type { InstanceState } from '../instances/instance-actor.js';
import type { UnfinishedCommand } from '../instances/told-commands.js';
import type { RunFailure } from './run-failures.js';

/** How a run ended. */
export type RunOutcome = 'succeeded' | 'failed' | 'time-limit' | 'interrupted';

/** One instance's row. */
export interface InstanceResult {
  readonly id: number;
  readonly state: InstanceState;
  /** Where its socket was bound; absent when it never got that far. */
  readonly port?: number;
  /** From the start of its thread to *ready*. */
  readonly startMs?: number;
  readonly commands: {
    readonly dispatched: number;
    readonly done: number;
    readonly failed: number;
    readonly unfinished: number;
  };
  readonly failures: number;
}

/** What an external command came to. */
export interface CommandResult {
  readonly command: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** The result of a run; `run.json` holds the same. */
export interface RunResult {
  readonly outcome: RunOutcome;
  /** 0 succeeded, 1 failed, 3 time limit, 130 interrupted. */
  readonly exitCode: number;
  readonly experimentName: string;
  readonly seed: string;
  readonly outputDir: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** GO by the wall clock, ISO 8601; absent when it never came to that. */
  readonly goAt?: string;
  /** From the start of the first thread until the last instance was ready; absent when that never came. */
  readonly startUpMs?: number;
  /** From GO to the end of the last instance. */
  readonly experimentMs?: number;
  readonly commands: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    /** Came to no end before their instances did; the rest of the total was not due yet when the run ended. */
    readonly unfinished: number;
  };
  /** The commands that never came to an end: the first of them, those that were under way before the others. */
  readonly unfinished: readonly UnfinishedCommand[];
  /** How late commands entered their callbacks. */
  readonly latenessMs?: Quantiles;
  /** The same by buckets, and that of all timers of all instances. */
  readonly latenessBuckets: { readonly events: LatenessBuckets; readonly timers: LatenessBuckets };
  /** Whether the machine kept up with real time; absent when the run never began. */
  readonly verdict?: Verdict;
  readonly failureCount: number;
  /** The first of them, in order of time. */
  readonly failures: readonly RunFailure[];
  readonly instances: readonly InstanceResult[];
  readonly externalCommands: readonly CommandResult[];
}

/** The process's exit code for each outcome. */
export const EXIT_CODES: Readonly<Record<RunOutcome, number>> = {
  succeeded: 0,
  failed: 1,
  'time-limit': 3,
  interrupted: 130,
};
