import type { Crypto, PrivateKey, PublicKey, SecurityLevel } from './crypto.js';
import { Curve25519PrivateKey, Curve25519PublicKey } from './curve25519-key.js';

/** Real signatures by elliptic curves. */
export class ECCrypto implements Crypto {
  generateKey(level: SecurityLevel): PrivateKey {
    return GENERATORS[level]();
  }

  publicKeyFrom(bytes: Buffer): PublicKey | undefined {
    return Curve25519PublicKey.from(bytes);
  }

  privateKeyFrom(bytes: Buffer): PrivateKey | undefined {
    return Curve25519PrivateKey.from(bytes);
  }
}

const GENERATORS: Readonly<Record<SecurityLevel, () => PrivateKey>> = {
  curve25519: () => Curve25519PrivateKey.generate(),
};
