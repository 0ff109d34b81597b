import type { Address } from '../../../src/network/address.js';
import { Fabric } from '../../../src/network/fabric.js';
import { MemoryEndpoint } from '../../../src/network/memory-endpoint.js';
import { createLogger } from '../../../src/runtime/logger.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';

/** Only the first packets are looked at; a fuzzer makes us send many. */
const SENT_MAX = 1000;

/** An open endpoint in a network of its own, where nobody else is and no time passes: it keeps what is sent. */
export class SilentEndpoint extends MemoryEndpoint {
  readonly sent: { readonly address: Address; readonly packet: Buffer }[] = [];

  constructor({ host, port }: Address = { host: '127.0.0.1', port: 20_000 }) {
    super({ carrier: new Fabric(new ManualClock()), logger: createLogger('silent', () => undefined), host });
    void this.open({ preferredPort: port });
  }

  override send(address: Address, packet: Buffer): void {
    super.send(address, packet);
    if (this.sent.length < SENT_MAX) this.sent.push({ address, packet });
  }
}
