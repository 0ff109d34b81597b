import type { RunFailure } from '../../output/record/run-result.js';
import type { RunResult } from '../../output/record/run-result.js';

/** The stages of a run, in order. */
export type RunStage =
  'set-up' | 'starting' | 'synchronising' | 'running' | 'stopping' | 'post-processing' | 'finished';

/** The messages of a run to those who watch it. */
export type RunProgress =
  | { readonly type: 'stage'; readonly stage: RunStage }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'ready'; readonly ready: number; readonly total: number }
  | { readonly type: 'failure'; readonly failure: RunFailure }
  /** The result of the run; only its report is still to be made. */
  | { readonly type: 'result'; readonly result: RunResult }
  | ({ readonly type: 'tick' } & RunTick);

/** The state of the run; it is sent a few times a second. */
export interface RunTick {
  /** Seconds since GO; negative during the start delay. */
  readonly timeS: number;
  readonly commandsDone: number;
  readonly commandsTotal: number;
  readonly instancesUp: number;
  readonly failures: number;
  /** Datagrams of all instances together, in the last second. */
  readonly datagramsPerS: number;
  readonly bytesPerS: number;
  /** The share of all cores that is used. */
  readonly cpuPercent: number;
  /** Where the experiment's time is another than the machine's: how the two stand to each other. */
  readonly virtual?: VirtualTick;
}

/** How virtual time passes. */
export interface VirtualTick {
  /** How many seconds of the experiment have passed in a second of the machine's time, since GO. */
  readonly speed: number;
  /** In how many seconds of the machine's time the scenario will be over, if time goes on so; undefined while nobody can tell. */
  readonly remainingS?: number;
}

export type ProgressListener = (progress: RunProgress) => void;
