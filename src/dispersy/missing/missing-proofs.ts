import type { Address } from '../../network/address.js';
import { uint64, varbytes } from '../codec/fields.js';
import { struct } from '../codec/struct.js';
import type { CodecValue } from '../codec/codec.js';
import type { Answering } from '../contract/answering.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import { UNSIGNED_DIRECT_POLICIES } from '../message/policies.js';
import type { PermissionProofs } from '../permission/permission-proofs.js';
import type { MessageArchive } from '../store/message-archive.js';

export const missingProofPayload = struct({ globalTime: uint64, publicKey: varbytes });

type Request = ReceivedMessage<CodecValue<typeof missingProofPayload>>;

export interface MissingProofsComponents {
  readonly context: Pick<CommunityContext, 'members'>;
  readonly archive: Pick<MessageArchive, 'find' | 'load'>;
  readonly proofs: Pick<PermissionProofs, 'sendProofs' | 'sendDirectProofs'>;
  readonly answering: Pick<Answering, 'answer'>;
}

/** Asks why a member was permitted to send a message, and gives the authorize messages that show it. */
export class MissingProofs {
  readonly #components: MissingProofsComponents;

  readonly #missingProof = new MetaMessage({
    id: BUILT_IN_IDS.missingProof,
    name: 'missing-proof',
    ...UNSIGNED_DIRECT_POLICIES,
    payload: missingProofPayload,
    handle: (message: Request) => this.#answer(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#missingProof];

  constructor(components: MissingProofsComponents) {
    this.#components = components;
  }

  ask(member: Member, globalTime: bigint, peer: Address): void {
    const payload = { globalTime, publicKey: member.publicKey };
    this.#components.answering.answer('question', this.#missingProof, payload, peer);
  }

  #answer({ payload: { publicKey, globalTime }, candidate }: Request): void {
    const { archive, context, proofs } = this.#components;
    const member = context.members.byPublicKey(publicKey);
    if (member === undefined) return;
    const stored = archive.find(member, globalTime);
    const message = stored && archive.load(stored);
    if (message !== undefined) proofs.sendProofs(message, candidate);
    else proofs.sendDirectProofs(member, globalTime, candidate);
  }
}
