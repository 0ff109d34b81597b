import type { Address } from '../../network/address.js';
import type { Conversion, Decoded, DecodedMessage } from '../message/conversion.js';
import type { ReceivedMessage } from '../message/message.js';
import type { RegisteredMessage } from '../message/message-registry.js';
import { drop, type Verdict } from '../message/verdict.js';
import type { Community } from './community.js';
import { Identities } from './identities.js';
import { ReplayWindow } from './replay-window.js';

/**
 * The way of a packet into a community: decode, refuse what can be refused cheaply, verify the signature – once –, check,
 * handle. Every packet ends as a success, as a drop with a reason, or waiting; nothing on the way throws.
 */
export class MessageReceiver {
  readonly identities: Identities;
  readonly #community: Community;
  readonly #replays = new ReplayWindow();
  /** What failed in an author's code, so that each place is logged once. */
  readonly #logged = new Set<string>();

  constructor(community: Community) {
    this.#community = community;
    this.identities = new Identities(community, {
      resume: ({ source, packet, conversion }) => this.#process(source, packet, conversion),
      giveUp: ({ registered }, reason) => this.#drop(registered, reason),
    });
  }

  receive(source: Address, packet: Buffer, conversion: Conversion): void {
    const registered = this.#process(source, packet, conversion);
    if (registered !== undefined) registered.counters.bytesReceived += packet.length;
  }

  /** @returns what the packet claims to be, if that much could be read. */
  #process(source: Address, packet: Buffer, conversion: Conversion): RegisteredMessage | undefined {
    let registered: RegisteredMessage | undefined;
    try {
      const decoded = conversion.decode(this.#community.candidates.at(source), packet);
      registered = decoded.registered;
      const refusal = this.#refuse(decoded, source, packet, conversion);
      if (refusal !== undefined) this.#drop(registered, refusal.reason);
      else if (decoded.kind === 'message') this.#handle(decoded.registered, decoded.message);
    } catch (error) {
      // Only code of the community's author gets here: a codec, a check, or a handler.
      this.#drop(registered, 'failed in the community');
      this.#logOnce(registered, error);
    }
    return registered;
  }

  #refuse(decoded: Decoded, source: Address, packet: Buffer, conversion: Conversion): Verdict {
    switch (decoded.kind) {
      case 'drop':
        return decoded;
      case 'missingMember':
        return this.identities.delay(decoded, source, packet, conversion)
          ? undefined
          : drop('too many delayed packets');
      case 'message':
        return this.#judge(decoded);
    }
  }

  #judge({ message, signatureLength }: DecodedMessage): Verdict {
    const { meta, member, packet, globalTime } = message;
    const { lamportClock, members } = this.#community;
    if (!lamportClock.isAcceptable(globalTime)) return drop('global time is not acceptable');
    const replayable = member !== undefined && meta.distribution.kind === 'direct';
    if (replayable && this.#replays.has(packet, signatureLength)) return drop('duplicate message');
    const refusal = meta.screen(message);
    if (refusal !== undefined) return refusal;
    if (member !== undefined) {
      const signed = packet.length - signatureLength;
      if (!member.verify(packet.subarray(0, signed), packet.subarray(signed))) return drop('invalid signature');
      members.add(member);
      if (replayable) this.#replays.add(packet, signatureLength);
    }
    return meta.check(message);
  }

  #handle(registered: RegisteredMessage, message: ReceivedMessage): void {
    this.#community.lamportClock.raise(message.globalTime);
    const handled = registered.meta.handle(message);
    registered.counters.received++;
    this.#community.dispersy.statistics.successCount++;
    if (handled instanceof Promise) {
      handled.catch((error: unknown) => {
        this.#community.dispersy.statistics.handlerErrors++;
        this.#logOnce(registered, error);
      });
    }
  }

  #drop(registered: RegisteredMessage | undefined, reason: string): void {
    this.#community.dispersy.statistics.drops.add(reason);
    if (registered !== undefined) registered.counters.dropped++;
  }

  #logOnce(registered: RegisteredMessage | undefined, error: unknown): void {
    const name = registered?.meta.name ?? 'unknown message';
    if (this.#logged.has(name)) return;
    this.#logged.add(name);
    this.#community.dispersy.logger.error(`receiving "${name}" failed (further times are only counted)`, error);
  }
}
