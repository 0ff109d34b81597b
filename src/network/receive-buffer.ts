/** What the kernel charges a receive buffer for one small datagram, its own book-keeping included: 1,280 bytes on Linux. */
const DATAGRAM_CHARGE_BYTES = 1280;
const RECEIVE_BUFFER_MIN_BYTES = 256 * 1024;

/** A receive buffer that takes one datagram of every instance at a moment in which nobody reads. */
export function wantedReceiveBufferBytes(instanceCount: number): number {
  return Math.max(RECEIVE_BUFFER_MIN_BYTES, instanceCount * DATAGRAM_CHARGE_BYTES);
}
