import type { Endpoint } from '../network/endpoint.js';
import type { InstanceGauges } from '../statistics/instance-gauges.js';

/** Notes what sockets have counted; what several count is summed. */
export function noteSockets(gauges: InstanceGauges, endpoints: readonly Endpoint[]): void {
  const sum = (valueOf: (endpoint: Endpoint) => number) =>
    endpoints.reduce((total, endpoint) => total + valueOf(endpoint), 0);
  gauges.set(
    'datagramsUp',
    sum(({ statistics }) => statistics.packetsUp),
  );
  gauges.set(
    'datagramsDown',
    sum(({ statistics }) => statistics.packetsDown),
  );
  gauges.set(
    'bytesUp',
    sum(({ statistics }) => statistics.bytesUp),
  );
  gauges.set(
    'bytesDown',
    sum(({ statistics }) => statistics.bytesDown),
  );
  gauges.set(
    'sendErrors',
    sum(({ statistics }) => statistics.sendErrors),
  );
  gauges.set(
    'sendQueue',
    sum(({ sendQueueLength }) => sendQueueLength),
  );
  gauges.set('receiveBufferBytes', Math.min(...endpoints.map((each) => each.receiveBufferBytes)));
}
