import type { Address } from '../../network/address.js';
import { uint64, varbytes } from '../codec/fields.js';
import { struct } from '../codec/struct.js';
import type { CodecValue } from '../codec/codec.js';
import type { Community } from '../community/community.js';
import type { Member } from '../identity/member.js';
import type { ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import { candidateDestination, directDistribution, noAuthentication, publicResolution } from '../message/policies.js';

export const missingProofPayload = struct({ globalTime: uint64, publicKey: varbytes });

type Request = ReceivedMessage<CodecValue<typeof missingProofPayload>>;

/** Asks why a member was permitted to send a message, and gives the authorize messages that show it. */
export class MissingProofs {
  readonly #community: Community;

  readonly #missingProof = new MetaMessage({
    id: 253,
    name: 'missing-proof',
    authentication: noAuthentication(),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
    payload: missingProofPayload,
    handle: (message: Request) => this.#answer(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#missingProof];

  constructor(community: Community) {
    this.#community = community;
  }

  ask(member: Member, globalTime: bigint, peer: Address): void {
    this.#community.answer('question', this.#missingProof, { globalTime, publicKey: member.publicKey }, peer);
  }

  #answer({ payload: { publicKey, globalTime }, candidate }: Request): void {
    const { archive, members, permissions } = this.#community;
    const member = members.byPublicKey(publicKey);
    if (member === undefined) return;
    const stored = archive.find(member, globalTime);
    const message = stored && archive.load(stored);
    if (message !== undefined) permissions.sendProofs(message, candidate);
    else permissions.sendDirectProofs(member, globalTime, candidate);
  }
}
