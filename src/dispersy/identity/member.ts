import { createHash } from 'node:crypto';
import { GumbyError } from '../../runtime/errors.js';
import type { PrivateKey, PublicKey } from './crypto.js';

/** A member of communities, who signs: a public key, and for our own members the private key as well. */
export class Member {
  readonly #key: PublicKey;
  readonly #privateKey: PrivateKey | undefined;
  #mid: Buffer | undefined;

  constructor(key: PublicKey | PrivateKey) {
    this.#privateKey = 'publicKey' in key ? key : undefined;
    this.#key = 'publicKey' in key ? key.publicKey : key;
  }

  /** A member of whom only the name is known, such as the master member of somebody else's community. It can sign nothing. */
  static withoutKey(mid: Buffer): Member {
    const member = new Member(NO_KEY);
    member.#mid = Buffer.from(mid);
    return member;
  }

  get hasPublicKey(): boolean {
    return this.#key !== NO_KEY;
  }

  /** The public key in its binary form; empty when it is not known. */
  get publicKey(): Buffer {
    return this.#key.bytes;
  }

  /** SHA-1 of the public key, 20 bytes: how packets and tables name the member. */
  get mid(): Buffer {
    this.#mid ??= createHash('sha1').update(this.#key.bytes).digest();
    return this.#mid;
  }

  get hasPrivateKey(): boolean {
    return this.#privateKey !== undefined;
  }

  /** The private key in its binary form, if this is a member of ours. */
  get privateKey(): Buffer | undefined {
    return this.#privateKey?.bytes;
  }

  /** The length of a signature in bytes. */
  get signatureLength(): number {
    return this.#key.signatureLength;
  }

  /** @throws GumbyError SESSION_STATE without the private key. */
  sign(data: Buffer): Buffer {
    if (this.#privateKey === undefined)
      throw new GumbyError('SESSION_STATE', `cannot sign as member ${this.toString()}: its private key is not here`);
    return this.#privateKey.sign(data);
  }

  verify(data: Buffer, signature: Buffer): boolean {
    return this.#key.verify(data, signature);
  }

  toString(): string {
    return this.mid.toString('hex');
  }
}

const NO_KEY: PublicKey = { bytes: Buffer.alloc(0), signatureLength: 0, verify: () => false };
