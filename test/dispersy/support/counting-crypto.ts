import type { Crypto, PublicKey } from '../../../src/dispersy/identity/crypto.js';
import { ECCrypto } from '../../../src/dispersy/identity/ec-crypto.js';

/** Real signatures; counts how often each one is verified, by anyone who reads a key from its bytes. */
export class CountingCrypto extends ECCrypto implements Crypto {
  /** By key, data and signature. */
  readonly #counts = new Map<string, number>();

  /** How many verifications there were. */
  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** How often the one that was verified most was. */
  get most(): number {
    return Math.max(0, ...this.#counts.values());
  }

  override publicKeyFrom(bytes: Buffer): PublicKey | undefined {
    const key = super.publicKeyFrom(bytes);
    if (key === undefined) return undefined;
    return {
      bytes: key.bytes,
      signatureLength: key.signatureLength,
      verify: (data, signature) => {
        const name = Buffer.concat([key.bytes, data, signature]).toString('latin1');
        this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
        return key.verify(data, signature);
      },
    };
  }
}
