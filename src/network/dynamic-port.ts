import { portUnavailable } from './port-error.js';

/** The dynamic ports of RFC 6335, which no service is registered for: a network inside this process chooses among these. */
const DYNAMIC_PORT_MIN = 49_152;
const DYNAMIC_PORT_MAX = 65_535;

/**
 * The first free dynamic port of a host, from `from` on and then from the beginning.
 * @param preferredPort - the port that could not be had, for the error
 * @throws GumbyError PORT_UNAVAILABLE
 */
export function freeDynamicPort(
  host: string,
  preferredPort: number,
  isFree: (port: number) => boolean,
  from = DYNAMIC_PORT_MIN,
): number {
  let port = from;
  do {
    if (isFree(port)) return port;
    port = nextDynamicPort(port);
  } while (port !== from);
  throw portUnavailable(host, preferredPort, 'all ports of this host of the emulated network are taken');
}

export function nextDynamicPort(port: number): number {
  return port === DYNAMIC_PORT_MAX ? DYNAMIC_PORT_MIN : port + 1;
}
