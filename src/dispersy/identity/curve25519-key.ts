import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { PrivateKey, PublicKey, SecretSource } from './crypto.js';

/** `LibNaCLPK:`, then the X25519 public key, then the Ed25519 public key. */
const PUBLIC_PREFIX = Buffer.from('LibNaCLPK:', 'latin1');
/** `LibNaCLSK:`, then the X25519 secret, then the Ed25519 seed. */
const PRIVATE_PREFIX = Buffer.from('LibNaCLSK:', 'latin1');
const PREFIX_BYTES = PUBLIC_PREFIX.length;
const KEY_BYTES = 32;
const BOTH_BYTES = PREFIX_BYTES + 2 * KEY_BYTES;
const SIGNATURE_BYTES = 64;

/** X25519 for encryption, Ed25519 for signatures; the key object is made at the first signature that is checked. */
export class Curve25519PublicKey implements PublicKey {
  readonly signatureLength = SIGNATURE_BYTES;
  #verifyKey: KeyObject | undefined;

  private constructor(readonly bytes: Buffer) {}

  static from(bytes: Buffer): Curve25519PublicKey | undefined {
    return hasForm(bytes, PUBLIC_PREFIX) ? new Curve25519PublicKey(Buffer.from(bytes)) : undefined;
  }

  static of(x25519: Buffer, ed25519: Buffer): Curve25519PublicKey {
    return new Curve25519PublicKey(Buffer.concat([PUBLIC_PREFIX, x25519, ed25519]));
  }

  verify(data: Buffer, signature: Buffer): boolean {
    this.#verifyKey ??= ed25519PublicKey(this.bytes.subarray(PREFIX_BYTES + KEY_BYTES));
    return verify(null, data, this.#verifyKey, signature);
  }
}

export class Curve25519PrivateKey implements PrivateKey {
  readonly bytes: Buffer;
  readonly publicKey: Curve25519PublicKey;
  readonly #signKey: KeyObject;

  private constructor(x25519: RawKeyPair, ed25519: RawKeyPair, signKey: KeyObject) {
    this.bytes = Buffer.concat([PRIVATE_PREFIX, x25519.secret, ed25519.secret]);
    this.publicKey = Curve25519PublicKey.of(x25519.public, ed25519.public);
    this.#signKey = signKey;
  }

  /**
   * Makes a key, and not by `generateKeyPairSync`: while such a key is exported, Node holds a lock that it also takes to let go of the work that made the key,
   * and when garbage is collected in between, the thread waits for itself for good. With ten thousand peers that happens.
   */
  static generate(secretsOf: SecretSource): Curve25519PrivateKey {
    return Curve25519PrivateKey.fromSecrets(secretsOf(2 * KEY_BYTES));
  }

  /** @param secrets - 64 bytes: the X25519 secret, then the Ed25519 seed. */
  static fromSecrets(secrets: Buffer): Curve25519PrivateKey {
    const x25519 = privateKeyOf('X25519', secrets.subarray(0, KEY_BYTES));
    const ed25519 = privateKeyOf('Ed25519', secrets.subarray(KEY_BYTES));
    return new Curve25519PrivateKey(rawPairOf(x25519), rawPairOf(ed25519), ed25519);
  }

  static from(bytes: Buffer): Curve25519PrivateKey | undefined {
    return hasForm(bytes, PRIVATE_PREFIX) ? Curve25519PrivateKey.fromSecrets(bytes.subarray(PREFIX_BYTES)) : undefined;
  }

  sign(data: Buffer): Buffer {
    return sign(null, data, this.#signKey);
  }
}

function hasForm(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length === BOTH_BYTES && bytes.compare(prefix, 0, PREFIX_BYTES, 0, PREFIX_BYTES) === 0;
}

/** Imports a public key by JWK rather than DER, which takes twelve times as long; a public key comes with every peer. */
function ed25519PublicKey(raw: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}

/** The bytes before the 32 secret bytes in the PKCS #8 form of RFC 8410. */
const PKCS8_PREFIXES = {
  X25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
  Ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
};

/**
 * Imports a private key by JWK rather than DER, which takes ten times as long. The form of a JWK (RFC 8037) wants the
 * public half as well, which is not known yet: Node derives it from the secret half, whatever the field holds. A
 * version of Node that looked at the field would refuse it, and is given DER.
 */
function privateKeyOf(curve: keyof typeof PKCS8_PREFIXES, secret: Buffer): KeyObject {
  try {
    const jwk = { kty: 'OKP', crv: curve, d: secret.toString('base64url'), x: UNKNOWN_PUBLIC_HALF };
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIXES[curve], secret]), format: 'der', type: 'pkcs8' });
  }
}

const UNKNOWN_PUBLIC_HALF = Buffer.alloc(KEY_BYTES).toString('base64url');

/** The 32 bytes of each half. */
interface RawKeyPair {
  readonly secret: Buffer;
  readonly public: Buffer;
}

function rawPairOf(privateKey: KeyObject): RawKeyPair {
  const { d, x } = privateKey.export({ format: 'jwk' });
  return { secret: Buffer.from(d as string, 'base64url'), public: Buffer.from(x as string, 'base64url') };
}
