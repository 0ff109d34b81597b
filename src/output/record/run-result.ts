import type { LatenessBuckets } from '../../statistics/lateness-histogram.js';
import type { Quantiles } from '../../statistics/quantiles.js';
import type { NetworkResult } from './network-result.js';
import type { Verdict } from '../../statistics/verdict.js';

/** How a run ended. */
export type RunOutcome = 'succeeded' | 'failed' | 'time-limit' | 'interrupted';

/**
 * `waiting`: for the instance's turn to start; `crashed`: the scenario ended it, and may start it again; `failed`: the
 * instance ended without having been asked to.
 */
export type InstanceState = 'waiting' | 'starting' | 'ready' | 'running' | 'crashed' | 'stopped' | 'failed';

/** One instance's row. */
export interface InstanceResult {
  readonly id: number;
  readonly state: InstanceState;
  /** The port of the instance's socket; absent when it was never bound. */
  readonly port?: number;
  /** The time from the start of the instance's thread until it was ready. */
  readonly startMs?: number;
  readonly commands: {
    readonly dispatched: number;
    readonly done: number;
    readonly failed: number;
    readonly unfinished: number;
  };
  readonly failures: number;
}

/** How an external command ended. */
export interface CommandResult {
  readonly command: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** One thing that went wrong in a run. */
export interface RunFailure {
  /** The instance in which it happened; absent when the failure concerns the run as a whole. */
  readonly instance?: number;
  readonly code: string;
  readonly message: string;
  /** `file:line` of the scenario, for a command that failed. */
  readonly place?: string;
  /** Seconds since GO; absent for a failure before GO. */
  readonly timeS?: number;
  readonly stack?: string;
}

/** A command that an instance was told, or was to be told, and that never came to an end. */
export interface UnfinishedCommand {
  readonly instance: number;
  readonly command: string;
  /** `file:line` in the scenario. */
  readonly place: string;
  /** When the command was due, in seconds since GO. */
  readonly dueS: number;
  /** When the command's callback was entered, in seconds since GO; absent when it never was, or when nobody could say any more. */
  readonly enteredS?: number;
  readonly fate: UnfinishedFate;
}

/**
 * - `unsettled`: the command's callback was entered, and its promise has never settled;
 * - `not-begun`: the command was due, and the instance stopped before it entered the callback;
 * - `lost`: the instance was ended before it could say what became of the command;
 * - `not-told`: the command was due after the end of the instance.
 */
export type UnfinishedFate = 'unsettled' | 'not-begun' | 'lost' | 'not-told';

/** The result of a run; `run.json` holds the same. */
export interface RunResult {
  readonly outcome: RunOutcome;
  /** 0 when the run succeeded, 1 when it failed, 3 for the time limit, 130 when it was interrupted. */
  readonly exitCode: number;
  readonly experimentName: string;
  readonly seed: string;
  readonly outputDir: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** GO by the experiment's clock, ISO 8601; absent when the run never came to GO. */
  readonly goAt?: string;
  /** GO by the machine's clock, ISO 8601, where the experiment has a time of its own: tables about the machine are dated by it. */
  readonly machineGoAt?: string;
  /** The time from the start of the first thread until the last instance was ready; absent when the instances never were. */
  readonly startUpMs?: number;
  /** The time from GO to the end of the last instance. */
  readonly experimentMs?: number;
  readonly commands: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    /** Commands that came to no end before their instances did; the rest of the total was not due yet when the run ended. */
    readonly unfinished: number;
  };
  /** The first of the commands that never came to an end; those that were under way come before the others. */
  readonly unfinished: readonly UnfinishedCommand[];
  /** How late commands entered their callbacks. */
  readonly latenessMs?: Quantiles;
  /** The lateness of commands by buckets, and the lateness of all timers of all instances. */
  readonly latenessBuckets: { readonly events: LatenessBuckets; readonly timers: LatenessBuckets };
  /** What the emulated network did; absent on sockets of the system. */
  readonly network?: NetworkResult;
  /** Whether the machine kept up with real time; absent when the run never began. */
  readonly verdict?: Verdict;
  readonly failureCount: number;
  /** The first of the failures, in order of time. */
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
