import { GumbyError, toError } from '../../runtime/errors.js';
import type { Candidate } from '../candidate/candidate.js';
import { varbytes } from '../codec/fields.js';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import { type Conversion, type Decoded, DISPERSY_VERSION, type EncodeInput, PREFIX_BYTES } from './conversion.js';
import type { MessageRegistry, RegisteredMessage } from './message-registry.js';
import type { MetaMessage } from './meta-message.js';
import { type Authentication, hasSequenceNumbers, type NoAuthentication } from './policies.js';

/** The part of a community that a conversion needs. */
export interface ConversionHost {
  readonly cid: Buffer;
  readonly messages: MessageRegistry;
  readonly members: MemberCache;
}

export interface DefaultConversionInit {
  /**
   * The version of the community, one byte; from version 2 on members are named by their whole public key unless a
   * message says otherwise.
   * @default 1
   */
  readonly communityVersion?: number;
}

const MID_BYTES = 20;

/** The wire format of plain messages: policies in their order, then the payload by its codec, then the signatures. */
export class DefaultConversion implements Conversion {
  readonly communityVersion: number;
  readonly prefix: Buffer;
  readonly #host: ConversionHost;
  readonly #writer = new Writer();

  constructor(host: ConversionHost, init: DefaultConversionInit = {}) {
    this.#host = host;
    this.communityVersion = init.communityVersion ?? 1;
    this.prefix = Buffer.concat([Buffer.from([DISPERSY_VERSION, this.communityVersion]), host.cid]);
  }

  encode<P>(meta: MetaMessage<P>, input: EncodeInput<P>): Buffer {
    const { members } = input;
    const writer = this.#writer;
    writer.reset();
    writer.bytes(this.prefix);
    writer.uint8(meta.id);
    this.#writeMembers(meta.authentication, members);
    if (meta.resolution.kind === 'dynamic') writer.uint8(input.policyIndex ?? 0);
    if (meta.destination.kind === 'nHop') writer.uint8(meta.destination.depth);
    if (meta.distribution.kind !== 'direct' || meta.distribution.hasGlobalTime) writer.uint64(input.globalTime);
    if (hasSequenceNumbers(meta.distribution)) writer.uint32(input.sequenceNumber ?? 0);
    try {
      meta.payload.write(writer, input.payload);
    } catch (error) {
      const code = error instanceof GumbyError ? error.code : 'PARAMETER_INVALID';
      throw new GumbyError(code, `message "${meta.name}" cannot be encoded: ${toError(error).message}`, {
        context: { message: meta.name },
        cause: error,
      });
    }
    return sign(writer, meta.authentication.kind === 'none' ? [] : members);
  }

  depthOffsetOf(meta: MetaMessage, members: readonly Member[]): number {
    const isShort = meta.authentication.kind === 'none' || this.#encodingOf(meta.authentication) === 'sha1';
    const memberBytes = members.reduce((sum, { publicKey }) => sum + (isShort ? MID_BYTES : 2 + publicKey.length), 0);
    return PREFIX_BYTES + 1 + memberBytes + (meta.resolution.kind === 'dynamic' ? 1 : 0);
  }

  decode(candidate: Candidate, packet: Buffer): Decoded {
    if (packet.length <= PREFIX_BYTES) return TOO_SHORT;
    const registered = this.#host.messages.byId(packet[PREFIX_BYTES] as number);
    if (registered === undefined) return UNKNOWN_MESSAGE;
    const reader = new Reader(packet, PREFIX_BYTES + 1, packet.length, this.communityVersion);
    const { authentication } = registered.meta;
    if (authentication.kind === 'none') return decodeRest(candidate, registered, reader, undefined, undefined);
    const isDouble = authentication.kind === 'doubleMember';
    if (this.#encodingOf(authentication) === 'sha1') {
      const mid = reader.bytes(MID_BYTES);
      const secondMid = isDouble ? reader.bytes(MID_BYTES) : undefined;
      if (reader.failure !== undefined) return failure(registered, reader.failure);
      const member = this.#host.members.byMid(mid);
      if (member === undefined) return { kind: 'missingMember', registered, mid, otherMid: secondMid };
      const second = secondMid && this.#host.members.byMid(secondMid);
      if (secondMid !== undefined && second === undefined)
        return { kind: 'missingMember', registered, mid: secondMid, otherMid: mid };
      return decodeRest(candidate, registered, reader, member, second);
    }
    const length = reader.uint16();
    const secondLength = isDouble ? reader.uint16() : 0;
    const member = this.#host.members.byPublicKey(reader.bytes(length));
    const second = isDouble ? this.#host.members.byPublicKey(reader.bytes(secondLength)) : undefined;
    if (reader.failure !== undefined) return failure(registered, reader.failure);
    if (member === undefined || (isDouble && second === undefined))
      return failure(registered, 'unknown kind of public key');
    return decodeRest(candidate, registered, reader, member, second);
  }

  #writeMembers(authentication: Authentication, members: readonly Member[]): void {
    if (authentication.kind === 'none') return;
    const writer = this.#writer;
    if (this.#encodingOf(authentication) === 'sha1') {
      for (const { mid } of members) writer.bytes(mid);
      return;
    }
    const [member, second] = members as readonly [Member, Member?];
    if (second === undefined) {
      varbytes.write(writer, member.publicKey);
      return;
    }
    writer.uint16(member.publicKey.length);
    writer.uint16(second.publicKey.length);
    writer.bytes(member.publicKey);
    writer.bytes(second.publicKey);
  }

  #encodingOf({ encoding }: Exclude<Authentication, NoAuthentication>): 'sha1' | 'bin' {
    if (encoding !== 'default') return encoding;
    return this.communityVersion <= 1 ? 'sha1' : 'bin';
  }
}

/** Signs the bytes that are written so far, by every member whose private key is here; zeros stand for the other signatures. */
function sign(writer: Writer, members: readonly Member[]): Buffer {
  const signatureLength = members.reduce((sum, member) => sum + member.signatureLength, 0);
  const packet = writer.finish(signatureLength);
  let at = packet.length - signatureLength;
  const signed = packet.subarray(0, at);
  for (const member of members) {
    if (members.length === 1 || member.hasPrivateKey) packet.set(member.sign(signed), at);
    else packet.fill(0, at, at + member.signatureLength);
    at += member.signatureLength;
  }
  return packet;
}

/** Decodes resolution, destination, distribution and payload. */
function decodeRest(
  candidate: Candidate,
  registered: RegisteredMessage,
  reader: Reader,
  member: Member | undefined,
  secondMember: Member | undefined,
): Decoded {
  const { meta } = registered;
  const signatureLength = (member?.signatureLength ?? 0) + (secondMember?.signatureLength ?? 0);
  reader.end -= signatureLength;
  if (reader.remaining < 0) return failure(registered, 'packet is truncated');
  const policyIndex = meta.resolution.kind === 'dynamic' ? reader.uint8() : 0;
  const depthOffset = meta.destination.kind === 'nHop' ? reader.offset : -1;
  const depth = depthOffset < 0 ? 0 : reader.int8();
  const { distribution } = meta;
  const globalTime = distribution.kind !== 'direct' || distribution.hasGlobalTime ? reader.uint64() : 0n;
  const sequenceNumber = distribution.kind === 'fullSync' && distribution.sequenceNumbers ? reader.uint32() : 0;
  // Times and numbers begin at 1; direct messages may come from peers that have no time yet.
  if (distribution.kind !== 'direct' && globalTime === 0n) reader.fail('invalid global time');
  if (hasSequenceNumbers(distribution) && sequenceNumber === 0) reader.fail('invalid sequence number');
  const payload = meta.payload.read(reader);
  if (reader.failure !== undefined) return failure(registered, reader.failure);
  if (reader.remaining > 0) return failure(registered, 'bytes left over');
  if (meta.resolution.kind === 'dynamic' && policyIndex >= meta.resolution.policies.length)
    return failure(registered, 'unknown resolution policy');
  if (meta.destination.kind === 'nHop' && (depth < 0 || depth > meta.destination.depth))
    return failure(registered, 'depth out of range');
  const { packet } = reader;
  const message = {
    meta,
    member,
    secondMember,
    globalTime,
    sequenceNumber,
    policyIndex,
    depth,
    depthOffset,
    payload,
    packet,
    candidate,
  };
  return { kind: 'message', registered, message, signatureLength };
}

const TOO_SHORT: Decoded = { kind: 'drop', reason: 'packet is truncated' };
const UNKNOWN_MESSAGE: Decoded = { kind: 'drop', reason: 'unknown message' };

function failure(registered: RegisteredMessage, reason: string): Decoded {
  return { kind: 'drop', reason, registered };
}
