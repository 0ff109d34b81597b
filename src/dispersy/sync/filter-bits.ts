/** An introduction-request has to fit a packet of this length, with the filter and everything around it. */
const PACKET_BYTES = 1500;
/** The bytes of the IP and UDP headers, and of the request without its filter and signature. */
const AROUND_FILTER_BYTES = 60 + 8 + 51 + 21 + 30;

/** How many bits a filter may have in a request that ends with a signature of this length. */
export function filterBitsBeside(signatureLength: number): number {
  return (PACKET_BYTES - AROUND_FILTER_BYTES - signatureLength) * 8;
}
