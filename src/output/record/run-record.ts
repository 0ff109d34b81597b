import type { PictureFormat } from '../../runtime/picture-formats.js';
import type { ProcessIdentity } from '../../runtime/process-identity.js';
import type { InstanceResult, RunResult } from './run-result.js';

/** What a run's record says before anything is started, and keeps. */
export interface RunRecordHead {
  readonly version: number;
  readonly experimentName: string;
  readonly seed: string;
  /** Of Gumby, Node and V8, with platform and architecture. */
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: MachineFacts;
  readonly config: {
    readonly confFile: string;
    readonly scenarioFile?: string;
    /** In which formats its graphs are to be drawn. */
    readonly graphs: readonly PictureFormat[];
    /** In upper case. */
    readonly options: Readonly<Record<string, string>>;
  };
  /** Names of the files beside the configuration that say what the experiment's own graphs are. */
  readonly ownGraphFiles: readonly string[];
}

/** What a run ran on, as far as it matters to its numbers; nothing that tells whose machine it is. */
export interface MachineFacts {
  readonly system: string;
  readonly processor: string;
  /** Those that this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
}

/** The record of a run that goes on, or died. */
export interface RunningRecord extends RunRecordHead {
  readonly outcome: 'running';
  /** ISO 8601. */
  readonly startedAt: string;
  readonly goAt?: string;
  readonly process: ProcessIdentity;
}

/** The record of a run that has ended. */
export interface FinishedRecord extends RunRecordHead, RunResult {
  /** What was left out of it on a full disk. */
  readonly shortened?: string;
}

/**
 * A record as it is read: that of a run that goes on, died or ended, and maybe of an earlier version. Who reads it counts on four fields,
 * and takes every other one as something that may be missing.
 */
export type RunRecord = Pick<RunResult, 'experimentName' | 'seed' | 'startedAt'> & {
  /** How the run ended; `running` while it has not. */
  readonly outcome: string;
} & Partial<Omit<RunRecordHead, 'experimentName' | 'seed' | 'config' | 'machine'>> &
  Partial<Omit<RunResult, 'experimentName' | 'seed' | 'startedAt' | 'outcome' | 'instances' | 'latenessBuckets'>> &
  Pick<FinishedRecord, 'shortened'> & {
    readonly config?: Partial<RunRecordHead['config']>;
    readonly machine?: Partial<MachineFacts>;
    readonly latenessBuckets?: Partial<RunResult['latenessBuckets']>;
    readonly instances?: readonly RecordedInstance[];
  };

/** What is known of an instance; of one of a run that died, only that it was there. */
export type RecordedInstance = Pick<InstanceResult, 'id'> & Partial<Omit<InstanceResult, 'id'>>;
