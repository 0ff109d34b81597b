import { GumbyError } from '../../runtime/errors.js';
import type { Codec } from '../codec/codec.js';
import type { ReceivedMessage } from './message.js';
import type { Authentication, Destination, Distribution, Resolution } from './policies.js';
import type { Verdict } from './verdict.js';

export interface MetaMessageInit<P, A extends Authentication> {
  /** One byte on the wire: 1 to 230 for a community's own messages, those above are built in. */
  readonly id: number;
  /** In statistics and errors; unique within the community. */
  readonly name: string;
  readonly authentication: A;
  readonly resolution: Resolution;
  readonly distribution: Distribution;
  readonly destination: Destination;
  readonly payload: Codec<P>;
  /**
   * Refuses a message before its signature is verified, which is what costs. Nothing about the message may be remembered
   * here, for it may be forged.
   */
  screen?(message: ReceivedMessage<P, A>): Verdict;
  /** Refuses a message whose signature is right. */
  check?(message: ReceivedMessage<P, A>): Verdict;
  /** Gets every accepted message. What it throws is logged once and counted; it never reaches the socket. */
  handle(message: ReceivedMessage<P, A>): void | Promise<void>;
}

/** The definition of a kind of message: its policies, its payload, and what is done with one that arrives. */
export class MetaMessage<P = unknown, A extends Authentication = Authentication> {
  readonly id: number;
  readonly name: string;
  readonly authentication: A;
  readonly resolution: Resolution;
  readonly distribution: Distribution;
  readonly destination: Destination;
  readonly payload: Codec<P>;
  readonly #init: MetaMessageInit<P, A>;

  /** @throws GumbyError MESSAGE_DEFINITION_INVALID for policies that make no sense together, or an id out of range. */
  constructor(init: MetaMessageInit<P, A>) {
    this.#init = init;
    this.id = init.id;
    this.name = init.name;
    this.authentication = init.authentication;
    this.resolution = init.resolution;
    this.distribution = init.distribution;
    this.destination = init.destination;
    this.payload = init.payload;
    const problem = findProblem(this);
    if (problem === undefined) return;
    throw new GumbyError('MESSAGE_DEFINITION_INVALID', `message "${this.name}" (id ${this.id}): ${problem}`, {
      context: { message: this.name, id: this.id },
    });
  }

  screen(message: ReceivedMessage<P, A>): Verdict {
    return this.#init.screen?.(message);
  }

  check(message: ReceivedMessage<P, A>): Verdict {
    return this.#init.check?.(message);
  }

  handle(message: ReceivedMessage<P, A>): void | Promise<void> {
    return this.#init.handle(message);
  }
}

function findProblem({ id, authentication, distribution, destination }: MetaMessage): string | undefined {
  if (!Number.isInteger(id) || id < 1 || id > 254) return 'its id must be an integer from 1 to 254';
  if (authentication.kind === 'none' && distribution.kind === 'lastSync') {
    return (
      'no authentication cannot go with last-sync distribution, which keeps the newest of every member; ' +
      'use member authentication, or direct distribution'
    );
  }
  if (distribution.kind === 'lastSync' && !(Number.isInteger(distribution.historySize) && distribution.historySize > 0))
    return `its history size must be an integer from 1, not ${distribution.historySize}`;
  if (destination.kind === 'community' && !(Number.isInteger(destination.nodeCount) && destination.nodeCount >= 0))
    return `its node count must be an integer from 0, not ${destination.nodeCount}`;
  return undefined;
}
