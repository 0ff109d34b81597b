import type { RunFailure } from '../../output/record/run-result.js';
import type { RunResult } from '../../output/record/run-result.js';

/** The stages of a run, in order. */
export type RunStage =
  'set-up' | 'starting' | 'synchronising' | 'running' | 'stopping' | 'post-processing' | 'finished';

/** What a run tells whoever watches it. */
export type RunProgress =
  | { readonly type: 'stage'; readonly stage: RunStage }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'ready'; readonly ready: number; readonly total: number }
  | { readonly type: 'failure'; readonly failure: RunFailure }
  /** What the run came to; only its report is still to be made. */
  | { readonly type: 'result'; readonly result: RunResult }
  | ({ readonly type: 'tick' } & RunTick);

/** How the run stands; sent a few times a second. */
export interface RunTick {
  /** Seconds since GO; negative during the start delay. */
  readonly timeS: number;
  readonly commandsDone: number;
  readonly commandsTotal: number;
  readonly instancesUp: number;
  readonly failures: number;
  /** Of all instances together, in the last second. */
  readonly datagramsPerS: number;
  readonly bytesPerS: number;
  /** Of all cores. */
  readonly cpuPercent: number;
}

export type ProgressListener = (progress: RunProgress) => void;
