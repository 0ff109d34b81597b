import { GumbyError, toError } from '../../runtime/errors.js';
import type { Candidate } from '../candidate/candidate.js';
import { varbytes } from '../codec/fields.js';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import { type Conversion, type Decoded, PREFIX_BYTES } from './conversion.js';
import type { MessageRegistry, RegisteredMessage } from './message-registry.js';
import type { MetaMessage } from './meta-message.js';
import type { MemberAuthentication } from './policies.js';

/** What a conversion needs of its community. */
export interface ConversionHost {
  readonly cid: Buffer;
  readonly messages: MessageRegistry;
  readonly members: MemberCache;
}

export interface DefaultConversionInit {
  /** One byte; from 2 on members are named by their whole public key unless a message says otherwise. @default 1 */
  readonly communityVersion?: number;
}

const DISPERSY_VERSION = 0;
const MID_BYTES = 20;

/** The wire format of plain messages: policies in their order, then the payload by its codec, then the signature. */
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

  encode<P>(meta: MetaMessage<P>, member: Member, globalTime: bigint, payload: P): Buffer {
    const writer = this.#writer;
    writer.reset();
    writer.bytes(this.prefix);
    writer.uint8(meta.id);
    if (meta.authentication.kind === 'member') this.#writeMember(meta.authentication, member);
    writer.uint64(globalTime);
    try {
      meta.payload.write(writer, payload);
    } catch (error) {
      const code = error instanceof GumbyError ? error.code : 'PARAMETER_INVALID';
      throw new GumbyError(code, `message "${meta.name}" cannot be encoded: ${toError(error).message}`, {
        context: { message: meta.name },
        cause: error,
      });
    }
    if (meta.authentication.kind === 'none') return writer.finish(0);
    const packet = writer.finish(member.signatureLength);
    const signed = packet.length - member.signatureLength;
    packet.set(member.sign(packet.subarray(0, signed)), signed);
    return packet;
  }

  decode(candidate: Candidate, packet: Buffer): Decoded {
    if (packet.length <= PREFIX_BYTES) return TOO_SHORT;
    const registered = this.#host.messages.byId(packet[PREFIX_BYTES] as number);
    if (registered === undefined) return UNKNOWN_MESSAGE;
    const reader = new Reader(packet, PREFIX_BYTES + 1, packet.length, this.communityVersion);
    const { authentication } = registered.meta;
    if (authentication.kind === 'none') return this.#decodeRest(candidate, registered, reader, undefined);
    if (this.#encodingOf(authentication) === 'sha1') {
      const mid = reader.bytes(MID_BYTES);
      if (reader.failure !== undefined) return failure(registered, reader.failure);
      const member = this.#host.members.byMid(mid);
      return member === undefined
        ? { kind: 'missingMember', registered, mid }
        : this.#decodeRest(candidate, registered, reader, member);
    }
    const publicKey = varbytes.read(reader);
    if (reader.failure !== undefined) return failure(registered, reader.failure);
    const member = this.#host.members.byPublicKey(publicKey);
    return member === undefined
      ? failure(registered, 'unknown kind of public key')
      : this.#decodeRest(candidate, registered, reader, member);
  }

  #decodeRest(
    candidate: Candidate,
    registered: RegisteredMessage,
    reader: Reader,
    member: Member | undefined,
  ): Decoded {
    const signatureLength = member?.signatureLength ?? 0;
    reader.end -= signatureLength;
    const globalTime = reader.uint64();
    const payload = registered.meta.payload.read(reader);
    if (reader.failure !== undefined) return failure(registered, reader.failure);
    if (reader.remaining > 0) return failure(registered, 'bytes left over');
    const message = { meta: registered.meta, candidate, member, globalTime, payload, packet: reader.packet };
    return { kind: 'message', registered, message, signatureLength };
  }

  #writeMember(authentication: MemberAuthentication, member: Member): void {
    if (this.#encodingOf(authentication) === 'sha1') this.#writer.bytes(member.mid);
    else varbytes.write(this.#writer, member.publicKey);
  }

  #encodingOf({ encoding }: MemberAuthentication): 'sha1' | 'bin' {
    if (encoding !== 'default') return encoding;
    return this.communityVersion <= 1 ? 'sha1' : 'bin';
  }
}

const TOO_SHORT: Decoded = { kind: 'drop', reason: 'packet is truncated' };
const UNKNOWN_MESSAGE: Decoded = { kind: 'drop', reason: 'unknown message' };

function failure(registered: RegisteredMessage, reason: string): Decoded {
  return { kind: 'drop', reason, registered };
}
