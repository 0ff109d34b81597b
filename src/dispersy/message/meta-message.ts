import { GumbyError } from '../../runtime/errors.js';
import type { Codec } from '../codec/codec.js';
import { MESSAGE_ID_MAX } from './built-in-ids.js';
import type { ReceivedMessage } from './message.js';
import type { Authentication, Destination, Distribution, Resolution } from './policies.js';
import { findPolicyProblem } from './policy-combinations.js';
import type { CheckResult } from './check-result.js';

export interface MetaMessageInit<P, A extends Authentication> {
  /** The id, one byte on the wire: a community's own messages have ids from 1 to 230, built-in messages the ids above. */
  readonly id: number;
  /** The name in statistics and errors; it is unique within the community. */
  readonly name: string;
  readonly authentication: A;
  readonly resolution: Resolution;
  readonly distribution: Distribution;
  readonly destination: Destination;
  readonly payload: Codec<P>;
  /** Lets packets of this kind wait for each other, so that they are handled together. @default each packet is handled as it comes */
  readonly batch?: BatchOptions;
  /**
   * Refuses a message before its signature is verified, because verifying is what costs. Nothing about the message may
   * be remembered here, for it may be forged.
   */
  screen?(message: ReceivedMessage<P, A>): CheckResult;
  /** Refuses a message whose signature is right and whose member was permitted to send it, or lets it wait. */
  check?(message: ReceivedMessage<P, A>): CheckResult;
  /** Gets every accepted message. Its exceptions are logged once and counted, and never reach the socket. */
  handle?(message: ReceivedMessage<P, A>): void | Promise<void>;
  /** Takes the place of `handle`: gets the accepted messages of a batch together, in order of arrival. */
  handleBatch?(messages: readonly ReceivedMessage<P, A>[]): void | Promise<void>;
  /** Takes back what `handle` did. Only kinds of messages with this method can be undone. */
  undo?(message: ReceivedMessage<P, A>): void | Promise<void>;
  /**
   * Decides whether we sign a double signed message that its first member has signed. The payload that it returns is signed: the
   * payload as it came, or a changed one, which the first member may refuse; undefined when we do not sign.
   */
  allowSignature?(message: ReceivedMessage<P, A>): P | undefined;
}

export interface BatchOptions {
  /** How long the first packet waits for others, in milliseconds. */
  readonly maxWindowMs: number;
}

/** The definition of a kind of message: its policies, its payload, and the methods that check and handle messages. */
export class MetaMessage<P = unknown, A extends Authentication = Authentication> {
  readonly id: number;
  readonly name: string;
  readonly authentication: A;
  readonly resolution: Resolution;
  readonly distribution: Distribution;
  readonly destination: Destination;
  readonly payload: Codec<P>;
  readonly batch: BatchOptions | undefined;
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
    this.batch = init.batch;
    const problem = findProblem(init);
    if (problem === undefined) return;
    throw new GumbyError('MESSAGE_DEFINITION_INVALID', `message "${this.name}" (id ${this.id}): ${problem}`, {
      context: { message: this.name, id: this.id },
    });
  }

  get canBeUndone(): boolean {
    return this.#init.undo !== undefined;
  }

  get handlesBatches(): boolean {
    return this.#init.handleBatch !== undefined;
  }

  screen(message: ReceivedMessage<P, A>): CheckResult {
    return this.#init.screen?.(message);
  }

  check(message: ReceivedMessage<P, A>): CheckResult {
    return this.#init.check?.(message);
  }

  handle(message: ReceivedMessage<P, A>): void | Promise<void> {
    if (this.#init.handle !== undefined) return this.#init.handle(message);
    return this.#init.handleBatch?.([message]);
  }

  handleBatch(messages: readonly ReceivedMessage<P, A>[]): void | Promise<void> {
    return this.#init.handleBatch?.(messages);
  }

  undo(message: ReceivedMessage<P, A>): void | Promise<void> {
    return this.#init.undo?.(message);
  }

  allowSignature(message: ReceivedMessage<P, A>): P | undefined {
    return this.#init.allowSignature?.(message);
  }
}

/** With a longer window packets would wait as long as requests do. */
const BATCH_WINDOW_MAX_MS = 10_000;

function findProblem<P, A extends Authentication>(init: MetaMessageInit<P, A>): string | undefined {
  if (!Number.isInteger(init.id) || init.id < 1 || init.id > MESSAGE_ID_MAX)
    return `its id must be an integer from 1 to ${MESSAGE_ID_MAX}`;
  if ((init.handle === undefined) === (init.handleBatch === undefined))
    return 'it must have either a handle or a handleBatch';
  const windowMs = init.batch?.maxWindowMs;
  if (windowMs !== undefined && !(windowMs > 0 && windowMs <= BATCH_WINDOW_MAX_MS))
    return `its batch window must be above 0 and at most ${BATCH_WINDOW_MAX_MS} ms, not ${windowMs}`;
  if (init.allowSignature !== undefined && init.authentication.kind !== 'doubleMember')
    return (
      `allowSignature cannot go with ${init.authentication.kind === 'none' ? 'no' : 'member'} authentication; ` +
      'allowed with allowSignature is double member authentication'
    );
  return findPolicyProblem(init);
}
