import { uint8 } from '../codec/fields.js';
import type { Codec } from '../codec/codec.js';
import type { Address } from '../../network/address.js';
import { LOOPBACK } from '../candidate/loopback.js';
import type { Community } from '../community/community.js';
import type { Member } from '../identity/member.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  communityDestination,
  fullSyncDistribution,
  linearResolution,
  type MemberAuthentication,
  memberAuthentication,
} from '../message/policies.js';
import type { StoredMessage } from '../store/store.js';

/** `soft`: everything is kept and nothing is done any more. `hard`: only the proof is kept, and given as an answer. */
export type DestructionDegree = 'soft' | 'hard';

const LETTERS: Readonly<Record<DestructionDegree, number>> = { soft: 's'.charCodeAt(0), hard: 'h'.charCodeAt(0) };

interface DestroyPayload {
  readonly degree: DestructionDegree;
}

/** One letter: `s` or `h`. */
const destroyPayload: Codec<DestroyPayload> = {
  write: (writer, { degree }) => writer.uint8(LETTERS[degree]),
  read(reader) {
    const letter = uint8.read(reader);
    if (letter !== LETTERS.soft && letter !== LETTERS.hard) reader.fail('unknown degree of destruction');
    return { degree: letter === LETTERS.hard ? 'hard' : 'soft' };
  },
};

type Destroy = ReceivedMessage<DestroyPayload, MemberAuthentication>;

/** The end of a community, for all who are in it. */
export class Destruction {
  readonly #community: Community;
  #degree: DestructionDegree | undefined;
  #proofs: readonly Buffer[] = [];

  readonly #destroy = new MetaMessage({
    id: 244,
    name: 'destroy-community',
    authentication: memberAuthentication(),
    resolution: linearResolution(),
    distribution: fullSyncDistribution({ priority: 192 }),
    destination: communityDestination(50),
    payload: destroyPayload,
    handle: (message: Destroy) => this.#onDestroy(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#destroy];

  constructor(community: Community) {
    this.#community = community;
  }

  /** How the community was destroyed, if it was. */
  get degree(): DestructionDegree | undefined {
    return this.#degree;
  }

  /** Reads what an earlier session stored. */
  load(): void {
    const { archive, globalTime } = this.#community;
    for (const stored of archive.store.between(this.#destroy.id, 0n, globalTime)) {
      const message = stored.undone === 0n ? archive.load(stored) : undefined;
      if (message !== undefined) this.#apply(message as Destroy);
    }
  }

  create(degree: DestructionDegree, signer: Member): Message {
    return this.#community.create(this.#destroy, { degree }, { member: signer });
  }

  /** Tells a peer, who does not know it, that there is nothing here any more. */
  sendProof(asker: Address): void {
    if (this.#degree !== 'hard') return;
    for (const packet of this.#proofs) this.#community.outbox.answers.send('destruction', packet, asker);
  }

  /** Every peer sends it on once: it must outrun what ends with it. */
  #onDestroy(message: Destroy): void {
    if (message.candidate !== LOOPBACK) this.#community.outbox.relay(message);
    this.#apply(message);
  }

  #apply(message: Destroy): void {
    if (this.#degree === 'hard') return;
    this.#degree = message.payload.degree;
    if (this.#degree === 'hard') this.#forget(message);
    this.#community.onDestroyed();
  }

  #forget(message: Destroy): void {
    const { archive } = this.#community;
    const kept = this.#explanationOf(message);
    this.#proofs = kept.map(({ packet }) => packet);
    archive.store.clear();
    for (const stored of kept) archive.store.add(stored);
  }

  /**
   * A stored message, led by all that a peer needs to accept it, in the order in which it does: the proofs, what comes
   * before them in the sequence of their members, the proofs of that, and so on; and who all those members are.
   */
  #explanationOf(message: ReceivedMessage): readonly StoredMessage[] {
    const { archive, permissions } = this.#community;
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
      const proofs = permissions.proofsOf({ member, globalTime, ...more }).map((packet) => ({ packet }));
      for (const each of [...before, ...proofs]) {
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
