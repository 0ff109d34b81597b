/**
 * The whole border between the coordinator and the thread that hosts an instance: types only. Calls that want an answer go
 * over comlink (`InstanceApi`, `DescribeApi`, `TrackerApi`); hot one-way messages are plain `postMessage` of the two unions.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Address } from '../network/address.js';
import type { SerialisedError } from '../runtime/error-transfer.js';
import type { Parameter } from '../runtime/parameter.js';
import type { CommandDescription } from '../scenario/command-description.js';
import type { JsonValue } from '../statistics/log-line.js';

export type { Address, JsonValue };

/** What an instance publishes to all others before the start: `public_key`, `host`, `port`, … */
export type InstanceVars = Record<string, JsonValue>;

/** `InstanceVars` as JSON: the coordinator takes nothing but text from a thread that runs a user's code. */
export type VarsJson = string;

/** What the coordinator publishes to every instance: `global_random`, in [0, 1), the same for all. */
export interface ServerVars extends Readonly<Record<string, JsonValue>> {
  readonly global_random: number;
}

/** One `&module` of the scenario: which loader of the bundle, and which exported classes. */
export interface ModuleRequest {
  /** Index into the bundle's `loaders`. */
  readonly loader: number;
  /** Absent: every experiment module that the file exports. */
  readonly className?: string;
}

/** The modules of a run, compiled into one file. */
export interface ModuleBundle {
  readonly file: string;
  readonly requests: readonly ModuleRequest[];
  readonly codeCache?: CodeCache;
}

/** What a worker thread was started for. */
export type WorkerJob =
  | { readonly job: 'instance'; readonly init: InstanceInit }
  | { readonly job: 'describe'; readonly bundle: ModuleBundle }
  | { readonly job: 'tracker'; readonly init: TrackerInit };

export interface InstanceInit {
  readonly id: number;
  readonly instanceCount: number;
  readonly seed: string;
  /** The instance's own directory, which exists. */
  readonly directory: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
  readonly bundle: ModuleBundle;
  /** The commands that need no module. */
  readonly builtInCommands: readonly CommandDescription[];
  /** The commands of each loaded module, in the order of loading. */
  readonly commands: readonly (readonly CommandDescription[])[];
  /** Configuration options in upper case, as scenarios see them. */
  readonly options: Readonly<Record<string, string>>;
  readonly trackers: readonly Address[];
  /** A wish: a port that is taken gives way to a free one. */
  readonly preferredPort: number;
  /** Memory of an `InstanceGauges`, which the instance writes and the coordinator reads. */
  readonly gauges: SharedArrayBuffer;
  /** Memory of a `MetricMemory`, which the instance writes and the coordinator reads. */
  readonly metrics: SharedArrayBuffer;
  /** Memory of a `LogBuffer`: what of `statistics.log` is not written yet, which the coordinator saves when the thread is gone. */
  readonly statistics: SharedArrayBuffer;
}

/** Calls from the coordinator to an instance. */
export interface InstanceApi {
  /** Loads and constructs the modules, binds the socket, gives the id; answers with the instance's variables. */
  setUp(): Promise<VarsJson>;
  /** @param allVars - UTF-8 JSON of every instance's variables by id, shared between all threads. */
  receiveAllVars(allVars: SharedArrayBuffer, serverVars: ServerVars): Promise<void>;
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
  | ({ readonly type: 'command' } & CommandMessage)
  /** Asks the thread to note its gauges, and with them that its event loop turns. */
  | { readonly type: 'look' };

export interface CommandMessage {
  /** Counts what this instance is told, from 0: its events name commands by it. */
  readonly number: number;
  readonly command: string;
  readonly args: readonly string[];
  readonly kwargs: Readonly<Record<string, string>>;
  /** When it is due, on the same clock as `startMs`; it may be sent ahead of that. */
  readonly dueMs: number;
  /** `file:line` in the scenario. */
  readonly place: string;
}

/** One-way messages from an instance. */
export type InstanceEvent =
  | { readonly type: 'stage'; readonly stage: string }
  | {
      readonly type: 'commands-done';
      readonly numbers: readonly number[];
      /** How long after its due time the callback of each of them was entered. */
      readonly latenessMs: readonly number[];
    }
  | {
      readonly type: 'command-failed';
      readonly number: number;
      readonly latenessMs: number;
      readonly error: SerialisedError;
    }
  /** Names for the next slots of the instance's `MetricMemory`. */
  | { readonly type: 'metrics-defined'; readonly names: readonly string[] }
  /** Something failed outside a scenario command, and the instance goes on. */
  | { readonly type: 'fault'; readonly what: string; readonly error: SerialisedError }
  | {
      readonly type: 'stopped';
      /** The commands whose callbacks were entered and have not settled: their numbers, and when each was entered. */
      readonly unsettled: readonly (readonly [number: number, sinceMs: number])[];
    };

/** An experiment callback, as the thread that loaded its class sees it. */
export interface CallbackDescription {
  readonly names: readonly [string, ...string[]];
  /** The class whose body holds the method that will be called. */
  readonly definedBy: string;
  readonly methodName: string;
  /** The method's source text, from which the names of untyped parameters are read. */
  readonly source: string;
  /** Present when the callback declares typed parameters. */
  readonly parameters?: readonly Parameter[];
}

export interface ModuleDescription {
  readonly className: string;
  readonly callbacks: readonly CallbackDescription[];
}

export type ModuleLoadResult =
  | { readonly ok: true; readonly modules: readonly ModuleDescription[] }
  | { readonly ok: false; readonly error: SerialisedError };

/** What V8 made of a file's text, shared by all threads that load it. */
export type CodeCache = SharedArrayBuffer;

/** The code caches of what every instance loads. */
export interface CodeCaches {
  readonly library: CodeCache;
  readonly modules: CodeCache;
}

/** What a thread of ours is started with. */
export interface WorkerData {
  readonly gumby: WorkerJob;
  /**
   * The thread's end of the channel that calls, messages and events go through. It is not the thread's `parentPort`, which any module
   * can use, and any library in it that believes to be in a worker of its own.
   */
  readonly port: MessagePort;
  /** Absent in the first thread, which makes it. */
  readonly libraryCache?: CodeCache;
}

export interface DescribeApi {
  /** Loads the modules of each request, in order. One that fails does not keep the others from being described. */
  describe(): Promise<readonly ModuleLoadResult[]>;
  /** The code caches, as far as describing has compiled the code. */
  codeCaches(): Promise<CodeCaches>;
}

/** How trackers verify and sign: as the peers do that they serve. */
export type TrackerCrypto = 'ECCrypto' | 'NoVerifyCrypto' | 'NoCrypto';

export interface TrackerInit {
  /** The wished port of each tracker; 0 for any. */
  readonly preferredPorts: readonly number[];
  readonly stdoutFile: string;
  readonly stderrFile: string;
  readonly seed: string;
  readonly crypto: TrackerCrypto;
  /** Memory of an `InstanceGauges`, as an instance's. */
  readonly gauges: SharedArrayBuffer;
}

export interface TrackerApi {
  /** Binds all trackers; answers with where they really listen. */
  start(): Promise<readonly Address[]>;
  stop(): Promise<void>;
}
