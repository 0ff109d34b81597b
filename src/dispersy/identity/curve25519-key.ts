import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import type { PrivateKey, PublicKey } from './crypto.js';

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
  readonly publicKey: Curve25519PublicKey;
  readonly #signKey: KeyObject;

  private constructor(readonly bytes: Buffer) {
    const x25519 = privateKeyOf(X25519_PKCS8, bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + KEY_BYTES));
    this.#signKey = privateKeyOf(ED25519_PKCS8, bytes.subarray(PREFIX_BYTES + KEY_BYTES));
    this.publicKey = Curve25519PublicKey.of(rawPublicKeyOf(x25519), rawPublicKeyOf(this.#signKey));
  }

  static generate(): Curve25519PrivateKey {
    return Curve25519PrivateKey.fromSecrets(randomBytes(2 * KEY_BYTES));
  }

  /** @param secrets - 64 bytes: the X25519 secret, then the Ed25519 seed. */
  static fromSecrets(secrets: Buffer): Curve25519PrivateKey {
    return new Curve25519PrivateKey(Buffer.concat([PRIVATE_PREFIX, secrets]));
  }

  static from(bytes: Buffer): Curve25519PrivateKey | undefined {
    return hasForm(bytes, PRIVATE_PREFIX) ? new Curve25519PrivateKey(Buffer.from(bytes)) : undefined;
  }

  sign(data: Buffer): Buffer {
    return sign(null, data, this.#signKey);
  }
}

function hasForm(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length === BOTH_BYTES && bytes.compare(prefix, 0, PREFIX_BYTES, 0, PREFIX_BYTES) === 0;
}

/** By JWK rather than DER, which takes twelve times as long; and a public key comes with every peer. */
function ed25519PublicKey(raw: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}

/** What stands before the 32 secret bytes in the PKCS #8 form of RFC 8410. */
const X25519_PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function privateKeyOf(pkcs8Prefix: Buffer, secret: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: 'der', type: 'pkcs8' });
}

function rawPublicKeyOf(privateKey: KeyObject): Buffer {
  return Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x as string, 'base64url');
}
