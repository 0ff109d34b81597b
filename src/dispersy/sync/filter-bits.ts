/** An introduction-request with a filter has to fit a packet of this length, with all that is around the filter. */
const PACKET_BYTES = 1500;
/** IP and UDP headers, and the request but for its filter and its signature. */
const AROUND_FILTER_BYTES = 60 + 8 + 51 + 21 + 30;

/** How many bits a filter may have in a request that ends with a signature of this length. */
export function filterBitsBeside(signatureLength: number): number {
  return (PACKET_BYTES - AROUND_FILTER_BYTES - signatureLength) * 8;
}
