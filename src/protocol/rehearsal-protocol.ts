import type { HostInit, InstanceInit } from './host-protocol.js';
import type { CodeCache } from './module-protocol.js';

/** The instance with which the thread rehearses; it has no modules. */
export interface RehearsalInit {
  readonly host: HostInit;
  readonly instance: InstanceInit;
}

export interface RehearsalApi {
  /**
   * Does once what every instance does, so that V8 compiles the code for it.
   * @returns the code cache of the library, with that code in it
   */
  rehearse(): Promise<CodeCache>;
}
