import type { VirtualHostInit } from '../../protocol/host-protocol.js';

/** A host that lives in virtual time, as the time sees it. */
export interface VirtualHost {
  /** Tells the host of GO. */
  go(startMs: number): void;
  /** Lets time pass for the host. @returns whether the host is there, so that it will wait again */
  resume(): boolean;
  /** Ends the host with all its instances. */
  end(reason: Error): void;
}

/** A host's place in virtual time. */
export interface HostTime {
  readonly init: VirtualHostInit;
  /** A call is about to be sent to the host. */
  beginCall(): void;
  /** The host waits for the coordinator. */
  parked(): void;
  /** The host is gone. */
  gone(): void;
}
