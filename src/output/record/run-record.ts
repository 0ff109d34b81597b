import type { PictureFormat } from '../../runtime/picture-formats.js';
import type { ProcessIdentity } from '../../runtime/process-identity.js';
import type { InstanceResult, RunResult } from './run-result.js';

/** The part of a run's record that is written before anything is started, and stays. */
export interface RunRecordHead {
  readonly version: number;
  readonly experimentName: string;
  readonly seed: string;
  /** The versions of Gumby, Node and V8, with platform and architecture. */
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: MachineFacts;
  readonly config: {
    readonly confFile: string;
    readonly scenarioFile?: string;
    /** The formats in which the run's graphs are to be drawn. */
    readonly graphs: readonly PictureFormat[];
    /** The options in effect, in upper case. */
    readonly options: Readonly<Record<string, string>>;
  };
  /** Names of the files beside the configuration that describe the experiment's own graphs. */
  readonly ownGraphFiles: readonly string[];
}

/** The machine of a run, as far as it matters to the numbers; nothing here tells whose machine it is. */
export interface MachineFacts {
  readonly system: string;
  readonly processor: string;
  /** The cores that this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
}

/** The record of a run that goes on, or died. */
export interface RunningRecord extends RunRecordHead {
  readonly outcome: 'running';
  /** ISO 8601. */
  readonly startedAt: string;
  readonly goAt?: string;
  readonly machineGoAt?: string;
  readonly process: ProcessIdentity;
}

/** The record of a run that has ended. */
export interface FinishedRecord extends RunRecordHead, RunResult {
  /** What was left out of the record on a full disk. */
  readonly shortened?: string;
}

/**
 * A record as it is read: the record of a run that goes on, died or ended, perhaps by an earlier version. Readers count
 * on four fields; every other one may be missing.
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

/** The row of an instance; in the record of a run that died, only the id is there. */
export type RecordedInstance = Pick<InstanceResult, 'id'> & Partial<Omit<InstanceResult, 'id'>>;
