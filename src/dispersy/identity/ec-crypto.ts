import { randomBytes } from 'node:crypto';
import type { Crypto, PrivateKey, PublicKey, SecretSource, SecurityLevel } from './crypto.js';
import { Curve25519PrivateKey, Curve25519PublicKey } from './curve25519-key.js';
import { EcdsaPrivateKey, EcdsaPublicKey, SECT163K1, SECT233K1, SECT409K1, SECT571R1 } from './ecdsa-key.js';

/** Real signatures by elliptic curves. */
export class ECCrypto implements Crypto {
  generateKey(level: SecurityLevel, secretsOf: SecretSource = randomBytes): PrivateKey {
    return GENERATORS[level](secretsOf);
  }

  publicKeyFrom(bytes: Buffer): PublicKey | undefined {
    return Curve25519PublicKey.from(bytes) ?? EcdsaPublicKey.from(bytes);
  }

  privateKeyFrom(bytes: Buffer): PrivateKey | undefined {
    return Curve25519PrivateKey.from(bytes) ?? EcdsaPrivateKey.from(bytes);
  }
}

const GENERATORS: Readonly<Record<SecurityLevel, (secretsOf: SecretSource) => PrivateKey>> = {
  'very-low': (secretsOf) => EcdsaPrivateKey.generate(SECT163K1, secretsOf),
  low: (secretsOf) => EcdsaPrivateKey.generate(SECT233K1, secretsOf),
  medium: (secretsOf) => EcdsaPrivateKey.generate(SECT409K1, secretsOf),
  high: (secretsOf) => EcdsaPrivateKey.generate(SECT571R1, secretsOf),
  curve25519: (secretsOf) => Curve25519PrivateKey.generate(secretsOf),
};
