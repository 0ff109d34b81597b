import type { Address } from '../network/address.js';
import type { CaptureInit } from './capture-protocol.js';
import type { AllVars } from './instance-protocol.js';
import type { NetworkInit } from './network-protocol.js';
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
  /** How many instances the run has. */
  readonly instanceCount: number;
  /** Absent where it is the machine's own, nothing is changed about it, or the thread that the trackers live in has it. */
  readonly network?: NetworkInit;
}

export interface TrackerApi {
  /** Binds all trackers; answers with the addresses at which they really listen. */
  start(): Promise<readonly Address[]>;
  /** The experiment begins. @param allVars - where the instances are; absent where they have not been told of each other */
  go(startMs: number, allVars?: AllVars): Promise<void>;
  stop(): Promise<void>;
}
