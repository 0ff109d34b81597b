import type { Address } from '../network/address.js';
import type { CaptureInit } from './capture-protocol.js';
import type { CryptoMode } from '../runtime/crypto-modes.js';

/** The built-in trackers of a run. */
export interface TrackersInit {
  /** The wished port of each tracker; 0 for any. */
  readonly preferredPorts: readonly number[];
  readonly stdoutFile: string;
  readonly stderrFile: string;
  readonly seed: string;
  /** How trackers verify and sign: they do as the peers that they serve. */
  readonly crypto: CryptoMode;
  /** Memory of an `InstanceGauges`, which the trackers have like an instance. */
  readonly gauges: SharedArrayBuffer;
  /** Absent where no packets are captured, or the thread that the trackers live in captures them. */
  readonly capture?: CaptureInit;
}

export interface TrackerApi {
  /** Binds all trackers; answers with the addresses at which they really listen. */
  start(): Promise<readonly Address[]>;
  stop(): Promise<void>;
}
