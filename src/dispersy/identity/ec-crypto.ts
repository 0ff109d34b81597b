import type { Crypto, PrivateKey, PublicKey, SecurityLevel } from './crypto.js';
import { Curve25519PrivateKey, Curve25519PublicKey } from './curve25519-key.js';
import { EcdsaPrivateKey, EcdsaPublicKey, SECT163K1, SECT233K1, SECT409K1, SECT571R1 } from './ecdsa-key.js';

/** Real signatures by elliptic curves. */
export class ECCrypto implements Crypto {
  generateKey(level: SecurityLevel): PrivateKey {
    return GENERATORS[level]();
  }

  publicKeyFrom(bytes: Buffer): PublicKey | undefined {
    return Curve25519PublicKey.from(bytes) ?? EcdsaPublicKey.from(bytes);
  }

  privateKeyFrom(bytes: Buffer): PrivateKey | undefined {
    return Curve25519PrivateKey.from(bytes) ?? EcdsaPrivateKey.from(bytes);
  }
}

const GENERATORS: Readonly<Record<SecurityLevel, () => PrivateKey>> = {
  'very-low': () => EcdsaPrivateKey.generate(SECT163K1),
  low: () => EcdsaPrivateKey.generate(SECT233K1),
  medium: () => EcdsaPrivateKey.generate(SECT409K1),
  high: () => EcdsaPrivateKey.generate(SECT571R1),
  curve25519: () => Curve25519PrivateKey.generate(),
};
