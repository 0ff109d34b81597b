import type { Crypto } from './crypto.js';
import { Member } from './member.js';

/**
 * How many members are remembered at most: more than a large experiment has instances, so that a full mesh of them does
 * not thrash; a stranger who makes up keys fills the cache with some 4 MB.
 */
export const MEMBERS_MAX = 4096;

/** The members whose signature was seen to be right, or that we named ourselves. When the cache is full, the oldest member is forgotten. */
export class MemberCache {
  readonly #byKey = new Map<string, Member>();
  readonly #byMid = new Map<string, Member>();

  constructor(
    private readonly crypto: Crypto,
    private readonly membersMax = MEMBERS_MAX,
  ) {}

  get size(): number {
    return this.#byKey.size;
  }

  byMid(mid: Buffer): Member | undefined {
    return this.#byMid.get(mid.toString('latin1'));
  }

  has(member: Member): boolean {
    return this.#byKey.has(keyOf(member.publicKey));
  }

  /** The known member of this key, or a new one that is not remembered yet; undefined for bytes that are no key. */
  byPublicKey(publicKey: Buffer): Member | undefined {
    const known = this.#byKey.get(keyOf(publicKey));
    if (known !== undefined) return known;
    const key = this.crypto.publicKeyFrom(publicKey);
    return key === undefined ? undefined : new Member(key);
  }

  /** Remembers a member, with its private key if it has one; a member with a private key is never replaced by one without. */
  add(member: Member): Member {
    const key = keyOf(member.publicKey);
    const known = this.#byKey.get(key);
    if (known !== undefined && (known.hasPrivateKey || !member.hasPrivateKey)) return known;
    if (known === undefined && this.#byKey.size >= this.membersMax) this.#forgetOldest();
    this.#byKey.set(key, member);
    this.#byMid.set(member.mid.toString('latin1'), member);
    return member;
  }

  /** Members of ours are few and stay: their private keys may be nowhere else. */
  #forgetOldest(): void {
    for (const [key, member] of this.#byKey) {
      if (member.hasPrivateKey) continue;
      this.#byKey.delete(key);
      this.#byMid.delete(member.mid.toString('latin1'));
      return;
    }
  }
}

/** Latin-1 keeps one character a byte: the cheapest faithful key. */
function keyOf(publicKey: Buffer): string {
  return publicKey.toString('latin1');
}
