/** Why a packet was not handed to the system. */
export type SendDropReason = 'endpoint is closed' | 'packet too long' | 'invalid address';

/** Counts of which the totals outlast a reset. */
const COUNTS = ['packetsUp', 'packetsDown', 'bytesUp', 'bytesDown', 'sendErrors'] as const;

export type EndpointCount = (typeof COUNTS)[number];

/** What went through an endpoint since it was made or last reset. */
export class EndpointStatistics {
  packetsUp = 0;
  packetsDown = 0;
  /** UDP payload, without headers. */
  bytesUp = 0;
  bytesDown = 0;
  /** Packets that the system refused after they were counted as sent. */
  sendErrors = 0;
  /** Packets whose listener threw. */
  listenerErrors = 0;
  readonly dropped: Record<SendDropReason, number> = {
    'endpoint is closed': 0,
    'packet too long': 0,
    'invalid address': 0,
  };

  readonly #beforeReset: Record<EndpointCount, number> = {
    packetsUp: 0,
    packetsDown: 0,
    bytesUp: 0,
    bytesDown: 0,
    sendErrors: 0,
  };

  /** Since the endpoint was made, whatever was reset in between: what a run is measured by. */
  totalOf(count: EndpointCount): number {
    return this.#beforeReset[count] + this[count];
  }

  reset(): void {
    for (const count of COUNTS) this.#beforeReset[count] += this[count];
    this.packetsUp = this.packetsDown = this.bytesUp = this.bytesDown = this.sendErrors = this.listenerErrors = 0;
    for (const reason of Object.keys(this.dropped) as SendDropReason[]) this.dropped[reason] = 0;
  }
}
