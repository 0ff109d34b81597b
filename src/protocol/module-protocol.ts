import type { SerialisedError } from '../runtime/error-transfer.js';
import type { Parameter } from '../runtime/parameter.js';

/** One `&module` line of the scenario: which loader of the bundle it means, and which exported classes. */
export interface ModuleRequest {
  /** Index into the bundle's `loaders`. */
  readonly loader: number;
  /** The class that is named; absent when every experiment module of the file is meant. */
  readonly className?: string;
}

/** The modules of a run, compiled into one file. */
export interface ModuleBundle {
  readonly file: string;
  readonly requests: readonly ModuleRequest[];
  readonly codeCache?: CodeCache;
}

/** The code that V8 made of a file's text, shared by all threads that load the file. */
export type CodeCache = SharedArrayBuffer;

/** The code caches of the files that every instance loads. */
export interface CodeCaches {
  readonly library: CodeCache;
  readonly modules: CodeCache;
}

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

export interface DescribeApi {
  /** Loads the modules of each request, in order. A module that fails does not keep the others from being described. */
  describe(): Promise<readonly ModuleLoadResult[]>;
  /** The code caches, as far as describing has compiled the code. */
  codeCaches(): Promise<CodeCaches>;
}
