import type { LatenessBuckets } from '../../statistics/lateness-histogram.js';
import type { Quantiles } from '../../statistics/quantiles.js';
import type { Verdict } from '../../statistics/verdict.js';

/** How a run ended. */
export type RunOutcome = 'succeeded' | 'failed' | 'time-limit' | 'interrupted';

/** `waiting` for its turn to start; `failed`: ended without having been asked to. */
export type InstanceState = 'waiting' | 'starting' | 'ready' | 'running' | 'stopped' | 'failed';

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

/** One thing that went wrong in a run. */
export interface RunFailure {
  /** The instance it happened in; absent when it concerns the run as a whole. */
  readonly instance?: number;
  readonly code: string;
  readonly message: string;
  /** `file:line` of the scenario, for a command that failed. */
  readonly place?: string;
  /** Seconds since GO; absent before. */
  readonly timeS?: number;
  readonly stack?: string;
}

/** A command that an instance was told, or was to be told, and that never came to an end. */
export interface UnfinishedCommand {
  readonly instance: number;
  readonly command: string;
  /** `file:line` in the scenario. */
  readonly place: string;
  /** When it was due, in seconds since GO. */
  readonly dueS: number;
  /** When its callback was entered, in seconds since GO; absent when that never happened, or nobody could say any more. */
  readonly enteredS?: number;
  readonly fate: UnfinishedFate;
}

/**
 * - `unsettled`: its callback was entered, and what it returned has never settled;
 * - `not-begun`: it was due, and its instance stopped before it entered the callback;
 * - `lost`: its instance was ended before it could say what became of it;
 * - `not-told`: it was due after the end of its instance.
 */
export type UnfinishedFate = 'unsettled' | 'not-begun' | 'lost' | 'not-told';

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
