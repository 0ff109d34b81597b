import type { Crypto, PrivateKey, PublicKey, SecretSource, SecurityLevel } from './crypto.js';
import { ECCrypto } from './ec-crypto.js';

/** Changes the keys of another crypto. */
class TrustingCrypto implements Crypto {
  readonly #keys = new ECCrypto();

  constructor(
    private readonly publicKeyOf: (key: PublicKey) => PublicKey,
    private readonly signOf: (key: PrivateKey) => PrivateKey['sign'],
  ) {}

  generateKey(level: SecurityLevel, secretsOf?: SecretSource): PrivateKey {
    return this.#trusting(this.#keys.generateKey(level, secretsOf));
  }

  publicKeyFrom(bytes: Buffer): PublicKey | undefined {
    const key = this.#keys.publicKeyFrom(bytes);
    return key && this.publicKeyOf(key);
  }

  privateKeyFrom(bytes: Buffer): PrivateKey | undefined {
    const key = this.#keys.privateKeyFrom(bytes);
    return key && this.#trusting(key);
  }

  #trusting(key: PrivateKey): PrivateKey {
    return { bytes: key.bytes, publicKey: this.publicKeyOf(key.publicKey), sign: this.signOf(key) };
  }
}

/** Signs, and takes any signature for right: the absence of verification shows what it costs. */
export class NoVerifyCrypto extends TrustingCrypto {
  constructor() {
    super(
      ({ bytes, signatureLength }) => ({ bytes, signatureLength, verify: () => true }),
      (key) => (data) => key.sign(data),
    );
  }
}

/** 64 times the character `0`. */
const NO_SIGNATURE = Buffer.alloc(64, '0');

/** Neither signs nor verifies. */
export class NoCrypto extends TrustingCrypto {
  constructor() {
    super(
      ({ bytes }) => ({ bytes, signatureLength: NO_SIGNATURE.length, verify: () => true }),
      () => () => NO_SIGNATURE,
    );
  }
}
