import type { Address } from '../../network/address.js';
import { GumbyError } from '../../runtime/errors.js';
import { LOOPBACK } from '../candidate/loopback.js';
import { rest, uint16 } from '../codec/fields.js';
import { struct } from '../codec/struct.js';
import type { CodecValue } from '../codec/codec.js';
import type { Answering } from '../contract/answering.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { Outgoing } from '../contract/outgoing.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { DecodedMessage } from '../message/conversion.js';
import type { Conversions } from '../message/conversions.js';
import { membersOf, type Message, type ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import { UNSIGNED_DIRECT_POLICIES } from '../message/policies.js';
import { signedPart, unsignedMembers, withSignature } from '../message/signatures.js';
import { drop, type CheckResult } from '../message/check-result.js';
import { RequestCache } from '../request-cache.js';

const submessagePayload = struct({ identifier: uint16, packet: rest });

type Submessage = ReceivedMessage<CodecValue<typeof submessagePayload>>;

export interface SignatureRequestOptions<P> {
  /**
   * Gets the double signed message, or undefined when no answer came in time, and says whether the message is to be stored
   * and spread; a message that was modified is signed by us once more for that.
   */
  onResponse(message: ReceivedMessage<P> | undefined, isModified: boolean): boolean;
  /** @default 10 s */
  readonly timeoutMs?: number;
}

/** A double signed message, and its members whose signature is not right, or not there. */
interface Submitted {
  readonly decoded: DecodedMessage;
  readonly unsigned: readonly Member[];
}

interface PendingSignature {
  readonly decoded: DecodedMessage;
  /** The member who is asked to sign. */
  readonly missing: Member;
  readonly options: SignatureRequestOptions<unknown>;
}

/** How many requests of ours wait for an answer at most. */
export const SIGNATURE_REQUESTS_MAX = 512;
const TIMEOUT_MS = 10_000;

const SIGNATURE_POLICIES = {
  ...UNSIGNED_DIRECT_POLICIES,
  payload: submessagePayload,
} as const;

export interface SignatureRequestsComponents {
  readonly context: Pick<CommunityContext, 'clock' | 'random' | 'members' | 'statistics' | 'logger'>;
  readonly conversions: Pick<Conversions, 'forPacket'>;
  readonly outgoing: Pick<Outgoing, 'send' | 'storeUpdateForward'>;
  readonly answering: Pick<Answering, 'answer'>;
}

/** Messages that two members sign: one creates and signs them, and asks the other for its signature. */
export class SignatureRequests {
  readonly #components: SignatureRequestsComponents;
  readonly #pending: RequestCache<PendingSignature>;
  /** The results of checks of requests and responses, for their handlers, so that signatures are verified once. */
  readonly #submitted = new WeakMap<Submessage, Submitted>();

  readonly #request = new MetaMessage({
    ...SIGNATURE_POLICIES,
    id: BUILT_IN_IDS.signatureRequest,
    name: 'signature-request',
    check: (message: Submessage) => this.#checkRequest(message),
    handle: (message: Submessage) => this.#onRequest(message),
  });

  readonly #response = new MetaMessage({
    ...SIGNATURE_POLICIES,
    id: BUILT_IN_IDS.signatureResponse,
    name: 'signature-response',
    screen: ({ payload }: Submessage) =>
      this.#pending.get(payload.identifier) === undefined ? drop('unknown identifier') : undefined,
    check: (message: Submessage) => this.#checkResponse(message),
    handle: (message: Submessage) => this.#onResponse(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#request, this.#response];

  constructor(components: SignatureRequestsComponents) {
    const { clock, random } = components.context;
    this.#components = components;
    this.#pending = new RequestCache(clock, random, SIGNATURE_REQUESTS_MAX, ({ options }) => this.#onTimeout(options));
  }

  /**
   * Asks the other member of a half signed message for its signature.
   * @throws GumbyError SESSION_STATE when too many requests wait for an answer, PARAMETER_INVALID when nobody is left to sign
   */
  create<P>(message: Message<P>, peer: Address, options: SignatureRequestOptions<P>): void {
    const decoded = this.#decode(message.packet);
    const unsigned = decoded === undefined ? [] : unsignedMembers(decoded);
    const [missing] = unsigned;
    if (decoded === undefined || missing === undefined || unsigned.length > 1)
      throw new GumbyError('PARAMETER_INVALID', `message "${message.meta.name}" does not lack exactly one signature`);
    const pending = { decoded, missing, options: options as SignatureRequestOptions<unknown> };
    const identifier = this.#pending.add(pending, options.timeoutMs ?? TIMEOUT_MS);
    if (identifier === undefined)
      throw new GumbyError(
        'SESSION_STATE',
        `too many signature requests (${SIGNATURE_REQUESTS_MAX}) wait for an answer: wait for some before sending more`,
      );
    this.#components.outgoing.send(this.#request, { identifier, packet: message.packet }, [peer]);
  }

  stop(): void {
    this.#pending.clear();
  }

  #decode(packet: Buffer): DecodedMessage | undefined {
    const decoded = this.#components.conversions.forPacket(packet)?.decode(LOOPBACK, packet);
    return decoded?.kind === 'message' && isDoubleSigned(decoded) ? decoded : undefined;
  }

  #onTimeout(options: SignatureRequestOptions<unknown>): void {
    const { statistics, logger } = this.#components.context;
    try {
      options.onResponse(undefined, false);
    } catch (error) {
      statistics.handlerErrors++;
      logger.error('the handler of a signature request without an answer failed', error);
    }
  }

  /** Checks a request: the message in it has to lack our signature and no other. */
  #checkRequest(message: Submessage): CheckResult {
    const { packet } = message.payload;
    const decoded = this.#components.conversions.forPacket(packet)?.decode(LOOPBACK, packet);
    if (decoded?.kind === 'missingMember') {
      const other = decoded.otherMid && this.#components.context.members.byMid(decoded.otherMid);
      return other?.hasPrivateKey === true
        ? { kind: 'delay', missing: { what: 'identity', mid: decoded.mid } }
        : NOT_FOR_US;
    }
    if (decoded?.kind !== 'message' || !isDoubleSigned(decoded)) return drop('invalid message to be signed');
    const unsigned = unsignedMembers(decoded);
    if (unsigned.length !== 1 || unsigned[0]?.hasPrivateKey !== true) return NOT_FOR_US;
    this.#submitted.set(message, { decoded, unsigned });
    return undefined;
  }

  #onRequest(request: Submessage): void {
    const { payload, candidate } = request;
    const submitted = this.#submitted.get(request);
    const signer = submitted?.unsigned[0];
    if (submitted === undefined || signer === undefined) return;
    const { decoded } = submitted;
    const { message } = decoded;
    const allowed = message.meta.allowSignature({ ...message, candidate });
    if (allowed === undefined) return;
    const packet =
      allowed === message.payload
        ? withSignature(decoded, signer)
        : this.#components.conversions.forPacket(payload.packet)?.encode(message.meta, {
            members: membersOf(message).map((member) => (member.mid.equals(signer.mid) ? signer : member)),
            globalTime: message.globalTime,
            payload: allowed,
            policyIndex: message.policyIndex,
          });
    if (packet !== undefined)
      this.#components.answering.answer(
        'signature',
        this.#response,
        { identifier: payload.identifier, packet },
        candidate,
      );
  }

  /** Checks a response: it has to hold the message that we sent, signed by the other member; only the payload may differ. */
  #checkResponse(message: Submessage): CheckResult {
    const request = this.#pending.get(message.payload.identifier);
    const decoded = this.#decode(message.payload.packet);
    if (request === undefined || decoded === undefined) return drop('invalid signed message');
    const [asked, got] = [request.decoded.message, decoded.message];
    const isSame =
      asked.meta === got.meta &&
      asked.globalTime === got.globalTime &&
      asked.policyIndex === got.policyIndex &&
      asked.member?.mid.equals(got.member?.mid ?? EMPTY) === true &&
      asked.secondMember?.mid.equals(got.secondMember?.mid ?? EMPTY) === true;
    if (!isSame) return drop('signature is for another message');
    const unsigned = unsignedMembers(decoded);
    if (unsigned.some(({ mid }) => mid.equals(request.missing.mid))) return drop('invalid signature');
    this.#submitted.set(message, { decoded, unsigned });
    return undefined;
  }

  #onResponse(response: Submessage): void {
    const { payload, candidate } = response;
    const submitted = this.#submitted.get(response);
    const request = this.#pending.take(payload.identifier);
    if (request === undefined || submitted === undefined) return;
    const { decoded } = submitted;
    const isModified = !signedPart(request.decoded).equals(signedPart(decoded));
    const accepted = request.options.onResponse({ ...decoded.message, candidate }, isModified);
    if (!accepted) return;
    const [unsigned] = submitted.unsigned;
    const packet = unsigned === undefined ? payload.packet : withSignature(decoded, unsigned);
    const whole = this.#decode(packet);
    if (whole !== undefined) this.#components.outgoing.storeUpdateForward([whole.message]);
  }
}

function isDoubleSigned({ message }: DecodedMessage): boolean {
  return message.meta.authentication.kind === 'doubleMember';
}

const NOT_FOR_US = drop('not for us to sign');
const EMPTY = Buffer.alloc(0);
