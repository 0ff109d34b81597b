/** The counts of one kind of message under the names that Dispersy's logs use. */
export interface MessageCounts {
  readonly received: number;
  readonly sent: number;
  readonly dropped: number;
  readonly delayed: number;
  readonly created: number;
  readonly endpoint_recv: number;
  readonly endpoint_send: number;
}

/** The counts of one kind of message in one community. */
export class MessageCounters {
  received = 0;
  sent = 0;
  dropped = 0;
  delayed = 0;
  created = 0;
  /** Packets of this kind, whether they were accepted or not. */
  packetsReceived = 0;
  /** Bytes in these packets. */
  bytesReceived = 0;
  bytesSent = 0;

  /** Whether anything was counted. */
  get hasOccurred(): boolean {
    const { received, sent, dropped, delayed, created, bytesReceived, bytesSent } = this;
    return received + sent + dropped + delayed + created + bytesReceived + bytesSent > 0;
  }

  toJSON(): MessageCounts {
    const { received, sent, dropped, delayed, created, bytesReceived, bytesSent } = this;
    return { received, sent, dropped, delayed, created, endpoint_recv: bytesReceived, endpoint_send: bytesSent };
  }

  reset(): void {
    this.received = this.sent = this.dropped = this.delayed = this.created = 0;
    this.packetsReceived = this.bytesReceived = this.bytesSent = 0;
  }
}
