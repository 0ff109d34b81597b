import type { PeerSet } from '../runtime/peers/peer-set.js';

/** What a thread captures of the packets of a run. */
export interface CaptureInit {
  /** Where the thread's part of the capture goes. */
  readonly file: string;
  /** Whose packets are captured; all includes trackers. */
  readonly entities: PeerSet;
  /** The Unix time at which the experiment's clock is at 0, in milliseconds: the same in all threads. */
  readonly epochMs: number;
}
