import { type Address, sameAddress } from '../../network/address.js';
import type { Community } from '../community/community.js';
import type { Member } from '../identity/member.js';
import { missingKey, messageKey, sequenceKey } from '../missing/missing-key.js';
import { type Conversion, type DecodedMessage, PREFIX_BYTES } from '../message/conversion.js';
import { membersOf, type ReceivedMessage } from '../message/message.js';
import type { RegisteredMessage } from '../message/message-registry.js';
import { isSyncDistribution } from '../message/policies.js';
import { hasRightSignatures, signedPart } from '../message/signatures.js';
import { drop, type Drop, type Missing, type Verdict } from '../message/verdict.js';
import type { LostMessage } from '../store/message-archive.js';
import type { Arrival } from './arrival.js';
import { Batches } from './batches.js';
import { type DelayedPacket, DelayedPackets, type GivenUp } from './delayed-packets.js';
import { ReplayWindow } from './replay-window.js';

/**
 * The way of a packet into a community: wait for its batch, decode, refuse what can be refused cheaply, verify the
 * signature – once –, then distribution, permission and the author's check; store, handle, resume what waited for it.
 * Every packet ends as a success, as a drop with a reason, or waiting; nothing on the way throws.
 */
export class MessageReceiver {
  readonly #community: Community;
  readonly #replays = new ReplayWindow();
  readonly #delayed: DelayedPackets;
  readonly #batches: Batches;
  /** What is to be processed next: handlers may wake waiting packets while others are being handled. */
  readonly #ready: Arrival[] = [];
  #isProcessing = false;
  /** What failed in an author's code, so that each place is logged once. */
  readonly #logged = new Set<string>();

  constructor(community: Community) {
    this.#community = community;
    const { clock, statistics } = community.dispersy;
    this.#delayed = new DelayedPackets(clock, (packet, why) => {
      if (why === 'timeout') statistics.delayTimeout++;
      this.#drop(packet.registered, GIVEN_UP_REASONS[why]);
    });
    this.#batches = new Batches(clock, (arrivals) => this.#enqueue(arrivals));
  }

  /** How many packets wait for something that is missing. */
  get delayedCount(): number {
    return this.#delayed.size;
  }

  /** How many packets wait for others of their kind. */
  get batchedCount(): number {
    return this.#batches.size;
  }

  receive(source: Address, packet: Buffer, conversion: Conversion): void {
    const registered = this.#community.messages.byId(packet[PREFIX_BYTES] as number);
    if (registered === undefined) {
      this.#drop(undefined, 'unknown message');
      return;
    }
    registered.counters.packetsReceived++;
    registered.counters.bytesReceived += packet.length;
    const arrival = { source, packet, conversion, registered };
    const { batch } = registered.meta;
    if (batch === undefined) this.#enqueue([arrival]);
    else this.#batches.add(arrival, batch.maxWindowMs);
  }

  isAwaited(key: string): boolean {
    return this.#delayed.isAwaited(key);
  }

  /** Resumes what waited for this. */
  wake(key: string): void {
    this.#wakeThose(key);
  }

  #wakeThose(key: string, isWanted?: (packet: DelayedPacket) => boolean): void {
    const woken = this.#delayed.take(key, isWanted);
    if (woken.length === 0) return;
    this.#community.dispersy.statistics.delaySuccess += woken.length;
    this.#enqueue(woken);
  }

  /** Resumes what waited for a message that is stored now. */
  wakeFor({ member, globalTime, meta, sequenceNumber }: ReceivedMessage): void {
    if (member === undefined || this.#delayed.size === 0) return;
    this.wake(messageKey(member.mid, globalTime));
    if (sequenceNumber > 0) this.wake(sequenceKey(member.mid, meta.id, sequenceNumber));
  }

  /** The message of this member and time that waits for the permission to be accepted. */
  findRefused(member: Member, globalTime: bigint): ReceivedMessage | undefined {
    return this.#findRefused(member, globalTime)?.verified?.message;
  }

  /** A message that `findRefused` found was undone: it waits no more, and is stored without ever having been handled. */
  storeRefused(member: Member, globalTime: bigint, undone: bigint): void {
    const packet = this.#findRefused(member, globalTime);
    const message = packet?.verified?.message;
    if (packet === undefined || message === undefined) return;
    this.#delayed.delete(packet);
    this.#drop(packet.registered, 'undone before it was permitted');
    this.#store(message, undone);
    this.wakeFor(message);
  }

  #findRefused(member: Member, globalTime: bigint): DelayedPacket | undefined {
    return this.#delayed.find(({ missing, verified }) => {
      if (missing.what !== 'proof' || verified?.message.globalTime !== globalTime) return false;
      if (verified.message.member?.mid.equals(member.mid) !== true) return false;
      return this.#community.archive.check(verified.message) === undefined;
    });
  }

  /** Hands accepted messages of one kind to the community's author, also those that were created here. */
  handle(messages: readonly ReceivedMessage[]): readonly ReceivedMessage[] {
    const [first] = messages;
    if (first === undefined) return messages;
    const { meta } = first;
    if (!meta.handlesBatches) return messages.filter((message) => this.guard(meta.name, () => meta.handle(message)));
    return this.guard(meta.name, () => meta.handleBatch(messages)) ? messages : [];
  }

  /** Calls code of the community's author. @returns whether it went well, as far as one knows by now. */
  guard(name: string, call: () => void | Promise<void>): boolean {
    try {
      const handled = call();
      if (handled instanceof Promise)
        handled.catch((error: unknown) => {
          this.#community.dispersy.statistics.handlerErrors++;
          this.#logOnce(name, error);
        });
      return true;
    } catch (error) {
      this.#logOnce(name, error);
      return false;
    }
  }

  stop(): void {
    for (const { registered } of this.#batches.clear()) this.#drop(registered, GIVEN_UP_REASONS.unloaded);
    this.#delayed.clear();
  }

  #enqueue(arrivals: readonly Arrival[]): void {
    this.#ready.push(...arrivals);
    if (this.#isProcessing) return;
    this.#isProcessing = true;
    try {
      for (let next = this.#takeReady(); next.length > 0; next = this.#takeReady()) this.#process(next);
    } finally {
      this.#isProcessing = false;
    }
  }

  /** The next ones of one kind. */
  #takeReady(): readonly Arrival[] {
    const registered = this.#ready[0]?.registered;
    const other = this.#ready.findIndex((arrival) => arrival.registered !== registered);
    return this.#ready.splice(0, other < 0 ? this.#ready.length : other);
  }

  #process(arrivals: readonly Arrival[]): void {
    const accepted: ReceivedMessage[] = [];
    for (const arrival of arrivals) {
      const message = this.#admit(arrival, accepted);
      if (message !== undefined) accepted.push(message);
    }
    const [first] = accepted;
    const registered = arrivals[0]?.registered;
    if (first === undefined || registered === undefined) return;
    const handled = this.handle(accepted);
    registered.counters.received += handled.length;
    this.#community.dispersy.statistics.successCount += handled.length;
    for (let failed = accepted.length - handled.length; failed > 0; failed--) this.#drop(registered, FAILED);
    for (const message of accepted) this.#afterHandling(message);
  }

  #afterHandling(message: ReceivedMessage): void {
    const { meta, depth } = message;
    if (meta.destination.kind === 'nHop' && depth > 0) this.#community.outbox.relay(message);
    if (!isSyncDistribution(meta.distribution)) return;
    this.#community.undos.reapply(message);
    this.wakeFor(message);
  }

  /**
   * Every way out of here counts the packet once.
   * @param accepted - those of the same batch, which may lose a fork to this one before they are handled.
   */
  #admit(arrival: Arrival, accepted: ReceivedMessage[]): ReceivedMessage | undefined {
    const { registered } = arrival;
    try {
      const copy = arrival.verified === undefined ? this.#delayed.findCopy(arrival.packet) : undefined;
      if (copy !== undefined) {
        this.#dropCopy(arrival, copy);
        return undefined;
      }
      const decoded = arrival.verified ?? this.#decode(arrival);
      if (decoded === undefined) return undefined;
      const verdict = this.#judge(decoded, arrival.verified !== undefined);
      if (verdict?.kind === 'drop') {
        this.#drop(registered, verdict.reason);
        this.#correct(arrival, verdict);
        return undefined;
      }
      if (verdict?.kind === 'delay') {
        this.#delay({ ...arrival, verified: decoded }, verdict.missing);
        return undefined;
      }
      // What is not signed says nothing: anyone can send it, with any time.
      if (decoded.message.member !== undefined) this.#community.lamportClock.raise(decoded.message.globalTime);
      if (isSyncDistribution(registered.meta.distribution)) {
        if (this.#community.archive.replaceSignature(decoded.message)) {
          this.#drop(registered, DUPLICATE.reason);
          return undefined;
        }
        this.#store(decoded.message, 0n, accepted);
      }
      return decoded.message;
    } catch (error) {
      // Only code of the community's author gets here: a codec, a screen, or a check.
      this.#drop(registered, FAILED);
      this.#logOnce(registered.meta.name, error);
      return undefined;
    }
  }

  /** Otherwise the two of us would never agree, and pay for it in every answer to a sync request. */
  #correct({ source }: Arrival, { correction }: Drop): void {
    if (correction !== undefined) this.#community.outbox.answers.send('correction', correction, source);
  }

  #store(message: ReceivedMessage, undone: bigint, accepted: ReceivedMessage[] = []): void {
    for (const lost of this.#community.archive.keep(message, undone)) this.#lose(lost, accepted);
    this.#community.prepareToHandOn(message);
  }

  #lose(lost: LostMessage, accepted: ReceivedMessage[]): void {
    const { member, globalTime } = lost.message;
    const at = accepted.findIndex(
      (each) => each.globalTime === globalTime && each.member?.mid.equals(member?.mid ?? NO_MID) === true,
    );
    if (at < 0) this.#community.forgetLost(lost);
    else {
      accepted.splice(at, 1);
      this.#drop(this.#community.messages.byId(lost.message.meta.id), CONFLICTING);
    }
  }

  #decode(arrival: Arrival): DecodedMessage | undefined {
    const { source, packet, conversion, registered } = arrival;
    const decoded = conversion.decode(this.#community.candidates.at(source), packet);
    if (decoded.kind === 'message') return decoded;
    if (decoded.kind === 'drop') this.#drop(registered, decoded.reason);
    else this.#delay(arrival, { what: 'identity', mid: decoded.mid });
    return undefined;
  }

  #judge(decoded: DecodedMessage, isVerified: boolean): Verdict {
    const { message } = decoded;
    const { archive, permissions } = this.#community;
    const refusal =
      archive.findDuplicate(message) ?? (isVerified ? undefined : this.#verify(decoded)) ?? archive.check(message);
    return refusal ?? permissions.check(message) ?? message.meta.check(message);
  }

  #verify(decoded: DecodedMessage): Verdict {
    const { message } = decoded;
    const { meta, globalTime } = message;
    const { members } = this.#community;
    if (!this.#community.isAcceptableGlobalTime(globalTime, meta)) return drop('global time is not acceptable');
    // Without a global time two equal packets are nothing unusual.
    const { distribution } = meta;
    const isReplayable = decoded.signatureLength > 0 && distribution.kind === 'direct' && distribution.hasGlobalTime;
    const signed = signedPart(decoded);
    if (isReplayable && this.#replays.has(signed)) return DUPLICATE;
    // Our own n-hop messages come back from those who send them on.
    if (meta.destination.kind === 'nHop' && message.member?.mid.equals(this.#community.myMember.mid) === true)
      return OWN;
    const refusal = meta.screen(message);
    if (refusal !== undefined) return refusal;
    if (!hasRightSignatures(decoded)) return drop('invalid signature');
    for (const member of membersOf(message)) members.add(member);
    if (isReplayable) this.#replays.add(signed);
    return undefined;
  }

  /** Keeps a packet until what it misses is there; asks its source once. */
  #delay(arrival: Arrival, missing: Missing): void {
    const { source, registered } = arrival;
    const isAskedFor = this.#isWithinGapAskedFor(missing, source);
    const added = this.#delayed.add({ ...arrival, missing, awaited: missingKey(missing) });
    if (added === undefined) {
      this.#drop(registered, GIVEN_UP_REASONS.crowded);
      return;
    }
    this.#community.dispersy.statistics.delayCount++;
    registered.counters.delayed++;
    if (added.first && !isAskedFor) this.#ask(missing, source);
    // Whoever undoes a message need not wait until it is permitted.
    if (missing.what === 'proof')
      this.#wakeThose(messageKey(missing.member.mid, missing.globalTime), ({ registered: { meta } }) =>
        this.#community.undos.messages.includes(meta),
      );
  }

  /** One that waits already is not verified again, but whoever sent the copy may have what is missing. */
  #dropCopy({ registered, source }: Arrival, copy: DelayedPacket): void {
    if (this.#delayed.addSource(copy.awaited, source)) this.#ask(copy.missing, source);
    this.#drop(registered, DUPLICATE.reason);
  }

  #ask(missing: Missing, source: Address): void {
    this.#community.dispersy.statistics.delaySend++;
    this.#community.askFor(missing, source);
  }

  /** Whether the source was asked for a gap in the same sequence that ends where this one does, or later. */
  #isWithinGapAskedFor(missing: Missing, source: Address): boolean {
    if (missing.what !== 'sequence') return false;
    for (const { missing: other, source: asked } of this.#delayed) {
      if (other.what !== 'sequence' || other.messageId !== missing.messageId || !sameAddress(asked, source)) continue;
      // Of two that follow each other, the gap before the first one was asked for.
      if (other.member.mid.equals(missing.member.mid) && other.high >= missing.high - 1) return true;
    }
    return false;
  }

  #drop(registered: RegisteredMessage | undefined, reason: string): void {
    this.#community.dispersy.statistics.drops.add(reason);
    if (registered !== undefined) registered.counters.dropped++;
  }

  #logOnce(name: string, error: unknown): void {
    if (this.#logged.has(name)) return;
    this.#logged.add(name);
    this.#community.dispersy.logger.error(`receiving "${name}" failed (further times are only counted)`, error);
  }
}

const DUPLICATE: Drop = drop('duplicate message');
const OWN: Drop = drop('message from ourselves');
const NO_MID = Buffer.alloc(0);
const CONFLICTING = 'conflicting message';
const FAILED = 'failed in the community';

const GIVEN_UP_REASONS: Readonly<Record<GivenUp, string>> = {
  timeout: 'what it waited for did not come',
  crowded: 'too many delayed packets',
  unloaded: 'community was unloaded',
};
