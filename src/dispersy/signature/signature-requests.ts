import type { Address } from '../../network/address.js';
import { GumbyError } from '../../runtime/errors.js';
import { LOOPBACK } from '../candidate/loopback.js';
import { rest, uint16 } from '../codec/fields.js';
import { struct } from '../codec/struct.js';
import type { CodecValue } from '../codec/codec.js';
import type { Community } from '../community/community.js';
import type { DecodedMessage } from '../message/conversion.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { membersOf } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import { candidateDestination, directDistribution, noAuthentication, publicResolution } from '../message/policies.js';
import { signedPart, unsignedMembers, withSignature } from '../message/signatures.js';
import { drop, type Verdict } from '../message/verdict.js';
import { RequestCache } from '../request-cache.js';

const submessagePayload = struct({ identifier: uint16, packet: rest });

type Submessage = ReceivedMessage<CodecValue<typeof submessagePayload>>;

export interface SignatureRequestOptions<P> {
  /**
   * Gets the double signed message, or nothing when no answer came in time. Whether it is to be stored and spread; one
   * that was modified is signed by us once more for that.
   */
  onResponse(message: ReceivedMessage<P> | undefined, isModified: boolean): boolean;
  /** @default 10 s */
  readonly timeoutMs?: number;
}

interface PendingSignature {
  readonly decoded: DecodedMessage;
  readonly options: SignatureRequestOptions<unknown>;
}

/** Requests of ours that wait for an answer at most. */
export const SIGNATURE_REQUESTS_MAX = 512;
const TIMEOUT_MS = 10_000;

const SIGNATURE_POLICIES = {
  authentication: noAuthentication(),
  resolution: publicResolution(),
  distribution: directDistribution(),
  destination: candidateDestination(),
  payload: submessagePayload,
} as const;

/** Messages that two members sign: one creates and signs them, and asks the other for its signature. */
export class SignatureRequests {
  readonly #community: Community;
  readonly #pending: RequestCache<PendingSignature>;

  readonly #request = new MetaMessage({
    ...SIGNATURE_POLICIES,
    id: 252,
    name: 'signature-request',
    check: (message: Submessage) => this.#checkRequest(message),
    handle: (message: Submessage) => this.#onRequest(message),
  });

  readonly #response = new MetaMessage({
    ...SIGNATURE_POLICIES,
    id: 251,
    name: 'signature-response',
    screen: ({ payload }: Submessage) =>
      this.#pending.get(payload.identifier) === undefined ? drop('unknown identifier') : undefined,
    check: (message: Submessage) => this.#checkResponse(message),
    handle: (message: Submessage) => this.#onResponse(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#request, this.#response];

  constructor(community: Community) {
    const { clock, random } = community.dispersy;
    this.#community = community;
    this.#pending = new RequestCache(clock, random, SIGNATURE_REQUESTS_MAX, ({ options }) => {
      options.onResponse(undefined, false);
    });
  }

  /**
   * Asks the other member of a half signed message for its signature.
   * @throws GumbyError SESSION_STATE when too many requests wait for an answer, PARAMETER_INVALID when nobody is left to sign
   */
  create<P>(message: Message<P>, peer: Address, options: SignatureRequestOptions<P>): void {
    const decoded = this.#decode(message.packet);
    if (decoded === undefined || unsignedMembers(decoded).length !== 1)
      throw new GumbyError('PARAMETER_INVALID', `message "${message.meta.name}" does not lack exactly one signature`);
    const pending = { decoded, options: options as SignatureRequestOptions<unknown> };
    const identifier = this.#pending.add(pending, options.timeoutMs ?? TIMEOUT_MS);
    if (identifier === undefined)
      throw new GumbyError(
        'SESSION_STATE',
        `too many signature requests (${SIGNATURE_REQUESTS_MAX}) wait for an answer: wait for some before sending more`,
      );
    this.#community.send(this.#request, { identifier, packet: message.packet }, [peer]);
  }

  stop(): void {
    this.#pending.clear();
  }

  #decode(packet: Buffer): DecodedMessage | undefined {
    const decoded = this.#community.conversionFor(packet)?.decode(LOOPBACK, packet);
    if (decoded?.kind !== 'message') return undefined;
    return decoded.message.meta.authentication.kind === 'doubleMember' ? decoded : undefined;
  }

  /** It has to lack our signature and no other. */
  #checkRequest({ payload }: Submessage): Verdict {
    const decoded = this.#decode(payload.packet);
    if (decoded === undefined) return drop('invalid message to be signed');
    const unsigned = unsignedMembers(decoded);
    if (unsigned.length !== 1 || unsigned[0]?.hasPrivateKey !== true) return drop('not for us to sign');
    return undefined;
  }

  #onRequest({ payload, candidate }: Submessage): void {
    const decoded = this.#decode(payload.packet);
    if (decoded === undefined) return;
    const { message } = decoded;
    const [signer] = unsignedMembers(decoded);
    const allowed = message.meta.allowSignature({ ...message, candidate });
    if (allowed === undefined || signer === undefined) return;
    const packet =
      allowed === message.payload
        ? withSignature(decoded, signer)
        : this.#community.conversionFor(payload.packet)?.encode(message.meta, {
            members: membersOf(message).map((member) => (member.mid.equals(signer.mid) ? signer : member)),
            globalTime: message.globalTime,
            payload: allowed,
            policyIndex: message.policyIndex,
          });
    if (packet !== undefined)
      this.#community.send(this.#response, { identifier: payload.identifier, packet }, [candidate]);
  }

  /** It has to be the message that we sent, but for its payload, signed by the other member. */
  #checkResponse({ payload }: Submessage): Verdict {
    const request = this.#pending.get(payload.identifier);
    const response = this.#decode(payload.packet);
    if (request === undefined || response === undefined) return drop('invalid signed message');
    const [asked, got] = [request.decoded.message, response.message];
    const isSame =
      asked.meta === got.meta &&
      asked.globalTime === got.globalTime &&
      asked.member?.mid.equals(got.member?.mid ?? EMPTY) === true &&
      asked.secondMember?.mid.equals(got.secondMember?.mid ?? EMPTY) === true;
    if (!isSame) return drop('signature is for another message');
    const [missing] = unsignedMembers(request.decoded);
    const unsigned = unsignedMembers(response);
    return unsigned.some((member) => member === missing || member.mid.equals(missing?.mid ?? EMPTY))
      ? drop('invalid signature')
      : undefined;
  }

  #onResponse({ payload, candidate }: Submessage): void {
    const request = this.#pending.take(payload.identifier);
    const response = this.#decode(payload.packet);
    if (request === undefined || response === undefined) return;
    const isModified = !signedPart(request.decoded).equals(signedPart(response));
    const accepted = request.options.onResponse({ ...response.message, candidate }, isModified);
    if (!accepted) return;
    const [unsigned] = unsignedMembers(response);
    const packet = unsigned === undefined ? payload.packet : withSignature(response, unsigned);
    const whole = this.#decode(packet);
    if (whole !== undefined) this.#community.storeUpdateForward([whole.message]);
  }
}

const EMPTY = Buffer.alloc(0);
