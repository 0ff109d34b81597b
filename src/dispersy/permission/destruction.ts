import type { Address } from '../../network/address.js';
import { LOOPBACK } from '../candidate/loopback.js';
import type { LamportClock } from '../community/lamport-clock.js';
import type { Outbox } from '../community/outbox.js';
import type { Answering } from '../contract/answering.js';
import type { Outgoing } from '../contract/outgoing.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  communityDestination,
  fullSyncDistribution,
  linearResolution,
  type MemberAuthentication,
  memberAuthentication,
} from '../message/policies.js';
import type { MessageArchive } from '../store/message-archive.js';
import type { StoredMessage } from '../store/store.js';
import { type DestroyPayload, destroyPayload, type DestructionDegree } from './destroy-payload.js';
import type { PermissionProofs } from './permission-proofs.js';

type Destroy = ReceivedMessage<DestroyPayload, MemberAuthentication>;

export interface DestructionComponents {
  readonly archive: MessageArchive;
  readonly lamportClock: Pick<LamportClock, 'globalTime'>;
  readonly proofs: Pick<PermissionProofs, 'proofsOf'>;
  readonly outgoing: Pick<Outgoing, 'create'>;
  readonly answering: Pick<Answering, 'send'>;
  readonly outbox: Pick<Outbox, 'relay'>;
  readonly onDestroyed: (degree: DestructionDegree) => void;
}

/** The end of a community, for all who are in it. */
export class Destruction {
  readonly #components: DestructionComponents;
  #degree: DestructionDegree | undefined;
  #proofs: readonly Buffer[] = [];

  readonly #destroy = new MetaMessage({
    id: BUILT_IN_IDS.destroyCommunity,
    name: 'destroy-community',
    authentication: memberAuthentication(),
    resolution: linearResolution(),
    distribution: fullSyncDistribution({ priority: 192 }),
    destination: communityDestination(50),
    payload: destroyPayload,
    handle: (message: Destroy) => this.#onDestroy(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#destroy];

  constructor(components: DestructionComponents) {
    this.#components = components;
  }

  /** How the community was destroyed, if it was. */
  get degree(): DestructionDegree | undefined {
    return this.#degree;
  }

  /** Reads what an earlier session stored. */
  load(): void {
    const { archive, lamportClock } = this.#components;
    for (const stored of archive.store.between(this.#destroy.id, 0n, lamportClock.globalTime)) {
      const message = stored.undone === 0n ? archive.load(stored) : undefined;
      if (message !== undefined) this.#apply(message as Destroy);
    }
  }

  create(degree: DestructionDegree, signer: Member): Message {
    return this.#components.outgoing.create(this.#destroy, { degree }, { member: signer });
  }

  /** Tells a peer that does not know it that the community was destroyed. */
  sendProof(asker: Address): void {
    if (this.#degree !== 'hard') return;
    for (const packet of this.#proofs) this.#components.answering.send('destruction', packet, asker);
  }

  /** Handles a destroy message. Every peer sends it on once: it must outrun the community's own spreading, which ends with it. */
  #onDestroy(message: Destroy): void {
    if (message.candidate !== LOOPBACK) this.#components.outbox.relay(message);
    this.#apply(message);
  }

  #apply(message: Destroy): void {
    if (this.#degree === 'hard') return;
    this.#degree = message.payload.degree;
    if (this.#degree === 'hard') this.#forget(message);
    this.#components.onDestroyed(this.#degree);
  }

  #forget(message: Destroy): void {
    const { archive } = this.#components;
    const kept = this.#explanationOf(message);
    this.#proofs = kept.map(({ packet }) => packet);
    archive.store.clear();
    for (const stored of kept) archive.store.add(stored);
  }

  /**
   * The packets of a stored message and of everything that a peer needs to accept it, in the order in which the peer
   * can accept them: the proofs, the messages before them in the sequence of their members, the proofs of those, and so
   * on; and the identities of all these members.
   */
  #explanationOf(message: ReceivedMessage): readonly StoredMessage[] {
    const { archive, proofs } = this.#components;
    const explanation: StoredMessage[] = [];
    const seen = new Set<string>();
    // Every step leads to an earlier time, so that it ends.
    const collect = ({ member, globalTime, ...more }: ReceivedMessage): void => {
      const stored = member && archive.find(member, globalTime);
      if (member === undefined || stored === undefined) return;
      const key = `${member.toString()} ${globalTime}`;
      if (seen.has(key)) return;
      seen.add(key);
      const before = archive.store.bySequenceNumber(more.meta.id, member.mid, 1, more.sequenceNumber - 1);
      const shown = proofs.proofsOf({ member, globalTime, ...more }).map((packet) => ({ packet }));
      for (const each of [...before, ...shown]) {
        const loaded = archive.load(each);
        if (loaded !== undefined) collect(loaded);
      }
      const identity = archive.findIdentity(member.mid);
      if (identity !== undefined && !explanation.includes(identity)) explanation.push(identity);
      explanation.push(stored);
    };
    collect(message);
    return explanation;
  }
}
