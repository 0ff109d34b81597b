import type { Clock, Timer } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { Address } from '../address.js';
import type { EndpointOpenOptions, PacketListener } from '../endpoint.js';
import type { EndpointCounts } from '../endpoint-counts.js';
import { sendObstacle } from '../send-obstacle.js';
import type { MeteredEndpoint } from '../socket-figures.js';
import { Conditions } from './conditions.js';

export interface ConditionedEndpointInit {
  /** The endpoint at which packets leave and arrive. It belongs to the conditioned endpoint from now on. */
  readonly endpoint: MeteredEndpoint;
  /** The experiment's clock. */
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What became of the packets that were given to a conditioned endpoint and could be sent: `offered` is the sum of all others. */
export interface ConditionCounts {
  readonly offered: number;
  /** Packets that were handed on to the endpoint behind the conditions, which counts them from there on. */
  readonly handedOn: number;
  /** Packets that are kept back and not handed on yet. */
  readonly waiting: number;
  /** Packets that were lost, by the reason that the rule gave. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** The reason of packets that were still kept back when their endpoint was closed. */
const CLOSED = 'endpoint was closed';

/**
 * An endpoint behind conditions: rules decide about each packet that it sends. Its figures are the figures of the
 * endpoint behind it, which count what really left and came in; `conditionCounts` tells what became of the other
 * packets.
 *
 * The conditions are the sender's, so that they are the same over any network. A packet that is kept back leaves from
 * the sender's socket at its time, and is lost when the socket is closed before.
 */
export class ConditionedEndpoint implements MeteredEndpoint {
  readonly conditions: Conditions;
  readonly #endpoint: MeteredEndpoint;
  readonly #clock: Clock;
  readonly #waiting = new Set<Timer>();
  #offered = 0;
  #handedOn = 0;
  readonly #dropped = new Map<string, number>();
  #hasLogged = false;

  constructor({ endpoint, clock, logger }: ConditionedEndpointInit) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.conditions = new Conditions((error) => {
      if (this.#hasLogged) return;
      this.#hasLogged = true;
      logger.error('a rule for packets failed (further failures are only counted)', error);
    });
  }

  get address(): Address | undefined {
    return this.#endpoint.address;
  }

  get counts(): Readonly<EndpointCounts> {
    return this.#endpoint.counts;
  }

  get sendQueueLength(): number | undefined {
    return this.#endpoint.sendQueueLength;
  }

  get receiveBufferBytes(): number | undefined {
    return this.#endpoint.receiveBufferBytes;
  }

  get conditionCounts(): ConditionCounts {
    const { size: waiting } = this.#waiting;
    return {
      offered: this.#offered,
      handedOn: this.#handedOn,
      waiting,
      dropped: Object.fromEntries(this.#dropped),
    };
  }

  open(options?: EndpointOpenOptions): Promise<Address> {
    return this.#endpoint.open(options);
  }

  async close(): Promise<void> {
    const closed = this.#endpoint.close();
    this.#dropWaiting();
    await closed;
  }

  send(address: Address, packet: Buffer): void {
    const source = this.#endpoint.address;
    // A packet that cannot be sent anyway is counted by the endpoint behind the conditions; no rule is asked, and no chance is drawn.
    if (source === undefined || sendObstacle(true, address, packet) !== undefined) {
      this.#endpoint.send(address, packet);
      return;
    }
    this.#offered++;
    const fate = this.conditions.fateOf({ source, destination: address, packet });
    if (fate === 'pass') this.#handOn(address, packet);
    else if ('drop' in fate) this.#drop(fate.drop);
    else this.#keepBack(fate.deliverAfterMs, address, Buffer.from(packet));
  }

  onPacket(listener: PacketListener): () => void {
    return this.#endpoint.onPacket(listener);
  }

  #handOn(address: Address, packet: Buffer): void {
    this.#handedOn++;
    this.#endpoint.send(address, packet);
  }

  #keepBack(delayMs: number, address: Address, packet: Buffer): void {
    const timer = this.#clock.schedule(delayMs, () => {
      this.#waiting.delete(timer);
      this.#handOn(address, packet);
    });
    this.#waiting.add(timer);
  }

  #dropWaiting(): void {
    for (const timer of this.#waiting) {
      timer.cancel();
      this.#drop(CLOSED);
    }
    this.#waiting.clear();
  }

  #drop(reason: string): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
  }
}
