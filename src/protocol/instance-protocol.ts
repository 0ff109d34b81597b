/** What crosses between the coordinator and one instance, wherever it lives: types only. */
import type { SerialisedError } from '../runtime/error-transfer.js';
import type { WordChanges } from '../statistics/word-changes.js';
import type { ServerVars, VarsJson } from './variables.js';

/** The variables of every instance by id, as they are sent. */
export interface AllVars {
  /** The key is the same for the same variables: instances that live together read them once. */
  readonly key: number;
  /** The variables as JSON in UTF-8, if possible in memory that all threads share. */
  readonly json: SharedArrayBuffer | Uint8Array;
}

/** Calls from the coordinator to an instance. */
export interface InstanceApi {
  /** Loads and constructs the modules, binds the socket, tells the modules the id; answers with the instance's variables. */
  setUp(): Promise<VarsJson>;
  receiveAllVars(allVars: AllVars, serverVars: ServerVars): Promise<void>;
  /**
   * Makes a new instance in the place of one that has crashed, and brings it to where the others are, in one step of the
   * experiment. Commands that come meanwhile wait for it.
   * @param startMs - GO, which was before
   */
  restart(allVars: AllVars, serverVars: ServerVars, startMs: number): Promise<VarsJson>;
  /** Ends the instance from outside: its modules are stopped, its socket and files closed. */
  stop(): Promise<void>;
}

/** One-way messages to an instance. */
export type InstanceMessage =
  | {
      readonly type: 'go';
      /** The common start, on the monotonic clock that all threads share. */
      readonly startMs: number;
    }
  | ({ readonly type: 'command' } & CommandMessage);

/** A command of the scenario that one or more instances run at a moment of the clock. */
export interface DueCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly kwargs: Readonly<Record<string, string>>;
  /** When the command is due, on the same clock as `startMs`; it may be sent earlier. */
  readonly dueMs: number;
  /** `file:line` in the scenario. */
  readonly place: string;
}

/** A command as one instance is told it. */
export interface CommandMessage extends DueCommand {
  /** Counts the commands that this instance is told, from 0: the instance's events name a command by it. */
  readonly number: number;
}

/** One-way messages from an instance. */
export type InstanceEvent =
  | { readonly type: 'stage'; readonly stage: string }
  | {
      readonly type: 'commands-done';
      readonly numbers: readonly number[];
      /** How long after its due time the callback of each command was entered. */
      readonly latenessMs: readonly number[];
    }
  | {
      readonly type: 'command-failed';
      readonly number: number;
      readonly latenessMs: number;
      readonly error: SerialisedError;
    }
  /** The names of the next slots of the instance's `MetricMemory`. */
  | { readonly type: 'metrics-defined'; readonly names: readonly string[] }
  /** The changes in the instance's `InstanceGauges` and `MetricMemory`, where no memory is shared. */
  | { readonly type: 'telemetry'; readonly gauges: WordChanges; readonly metrics: WordChanges }
  /** The instance does something that makes its results doubtful. */
  | { readonly type: 'warning'; readonly message: string }
  /** Something failed outside a scenario command, and the instance goes on. */
  | { readonly type: 'fault'; readonly what: string; readonly error: SerialisedError }
  | {
      readonly type: 'stopped';
      /** The commands whose callbacks were entered and have not settled: their numbers, and when each was entered. */
      readonly unsettled: readonly (readonly [number: number, sinceMs: number])[];
    }
  /** The instance is gone without having been stopped: it crashed, or ended itself. No further event of it follows. */
  | { readonly type: 'lost'; readonly error: SerialisedError };
