import type { Address } from '../network/address.js';

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
