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

  reset(): void {
    this.received = this.sent = this.dropped = this.delayed = this.created = 0;
    this.packetsReceived = this.bytesReceived = this.bytesSent = 0;
  }
}
