import { GumbyError } from '../runtime/errors.js';

/** Takes the number of a port, or 0 for any port; no other number is one. @throws GumbyError PORT_UNAVAILABLE */
export function checkPort(host: string, port: number): void {
  if (!Number.isInteger(port) || port < 0 || port > 0xffff)
    throw portUnavailable(host, port, 'ports are whole numbers from 1 to 65535, or 0 for any that is free');
}

export function portUnavailable(host: string, port: number, why: string, cause?: Error): GumbyError {
  return new GumbyError('PORT_UNAVAILABLE', `cannot bind UDP port ${port} of ${host}: ${why}`, {
    context: { host, port },
    ...(cause === undefined ? {} : { cause }),
  });
}
