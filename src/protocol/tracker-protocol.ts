import type { Address } from '../network/address.js';
import type { CryptoMode } from '../runtime/crypto-modes.js';

export interface TrackerThreadInit {
  /** The wished port of each tracker; 0 for any. */
  readonly preferredPorts: readonly number[];
  readonly stdoutFile: string;
  readonly stderrFile: string;
  readonly seed: string;
  /** How trackers verify and sign: as the peers do that they serve. */
  readonly crypto: CryptoMode;
  /** Memory of an `InstanceGauges`, as an instance's. */
  readonly gauges: SharedArrayBuffer;
}

export interface TrackerApi {
  /** Binds all trackers; answers with where they really listen. */
  start(): Promise<readonly Address[]>;
  stop(): Promise<void>;
}
