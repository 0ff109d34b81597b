import { createECDH, createPrivateKey, createPublicKey, type ECDH, type KeyObject, sign, verify } from 'node:crypto';
import type { PrivateKey, PublicKey, SecretSource } from './crypto.js';

/** A binary curve, with everything in which keys on different curves differ. */
export interface Curve {
  /** OpenSSL's name of the curve. */
  readonly name: string;
  readonly bits: number;
  /** The length of the order of the curve's base point, which is how wide OpenSSL makes r and s. */
  readonly orderBits: number;
  /** The curve's object identifier in DER, tag and length included (SEC 2). */
  readonly oid: string;
}

export const SECT163K1: Curve = { name: 'sect163k1', bits: 163, orderBits: 163, oid: '06052b81040001' };
export const SECT233K1: Curve = { name: 'sect233k1', bits: 233, orderBits: 232, oid: '06052b8104001a' };
export const SECT409K1: Curve = { name: 'sect409k1', bits: 409, orderBits: 407, oid: '06052b81040024' };
export const SECT571K1: Curve = { name: 'sect571k1', bits: 571, orderBits: 570, oid: '06052b81040026' };
export const SECT571R1: Curve = { name: 'sect571r1', bits: 571, orderBits: 570, oid: '06052b81040027' };

const CURVES = [SECT163K1, SECT233K1, SECT409K1, SECT571K1, SECT571R1];

/** Signatures are ECDSA over SHA-1, as r ‖ s, each of as many bytes as the curve has (IEEE P1363). */
const HASH = 'sha1';
const ENCODING = 'ieee-p1363';

/** A public key on a binary curve; its binary form is DER SubjectPublicKeyInfo with an uncompressed point. */
export class EcdsaPublicKey implements PublicKey {
  readonly signatureLength: number;
  /** The key object, which is made at the first signature that is checked; undefined when the point is not on the curve. */
  #key: KeyObject | undefined;
  #isRead = false;

  readonly #curve: Curve;

  private constructor(
    readonly bytes: Buffer,
    curve: Curve,
  ) {
    this.#curve = curve;
    this.signatureLength = 2 * fieldBytes(curve);
  }

  /** Widens a signature to the width of the curve; on some curves OpenSSL makes it narrower. */
  signatureFrom(narrow: Buffer): Buffer {
    const wide = Buffer.alloc(this.signatureLength);
    const half = narrow.length / 2;
    narrow.copy(wide, wide.length / 2 - half, 0, half);
    narrow.copy(wide, wide.length - half, half);
    return wide;
  }

  static from(bytes: Buffer): EcdsaPublicKey | undefined {
    const curve = CURVES.find((each) => hasForm(bytes, each));
    return curve && new EcdsaPublicKey(Buffer.from(bytes), curve);
  }

  verify(data: Buffer, signature: Buffer): boolean {
    if (!this.#isRead) {
      this.#isRead = true;
      this.#key = keyOrNothing(() => createPublicKey({ key: this.bytes, format: 'der', type: 'spki' }));
    }
    if (this.#key === undefined || signature.length !== this.signatureLength) return false;
    const narrow = this.#narrowed(signature);
    return narrow !== undefined && verify(HASH, data, { key: this.#key, dsaEncoding: ENCODING }, narrow);
  }

  /** Narrows a signature to the width that OpenSSL wants; undefined when r or s is larger than the curve's order can be. */
  #narrowed(signature: Buffer): Buffer | undefined {
    const half = signature.length / 2;
    const leading = half - Math.ceil(this.#curve.orderBits / 8);
    const [r, s] = [signature.subarray(0, half), signature.subarray(half)];
    for (let index = 0; index < leading; index++) if (r[index] !== 0 || s[index] !== 0) return undefined;
    return Buffer.concat([r.subarray(leading), s.subarray(leading)]);
  }
}

/**
 * A private key on a binary curve. Its binary form is DER as SEC 1 defines it, with the curve and the public point,
 * which are optional in SEC 1.
 */
export class EcdsaPrivateKey implements PrivateKey {
  readonly bytes: Buffer;
  readonly publicKey: EcdsaPublicKey;
  readonly #key: KeyObject;

  private constructor(key: KeyObject, publicKey: EcdsaPublicKey) {
    this.#key = key;
    this.bytes = key.export({ format: 'der', type: 'sec1' });
    this.publicKey = publicKey;
  }

  /** Not by `generateKeyPairSync`: a collection of garbage while such a key is exported can lock the thread up for good. */
  static generate(curve: Curve, secretsOf: SecretSource): EcdsaPrivateKey {
    const pair = pairOf(curve, secretsOf);
    const made = EcdsaPrivateKey.from(privateBytes(curve, pair.getPrivateKey(), pair.getPublicKey().subarray(1)));
    if (made === undefined) throw new Error(`this build of Node.js makes no usable keys on the curve ${curve.name}`);
    return made;
  }

  /**
   * Reads a key. OpenSSL would read other forms as well, and checks neither scalar nor point; a key with another key's
   * point would sign for nobody.
   */
  static from(bytes: Buffer): EcdsaPrivateKey | undefined {
    const curve = CURVES.find((each) => hasPrivateForm(bytes, each));
    if (curve === undefined || !hasOwnPoint(bytes, curve)) return undefined;
    const key = keyOrNothing(() => createPrivateKey({ key: bytes, format: 'der', type: 'sec1' }));
    return key && EcdsaPrivateKey.#of(key);
  }

  static #of(key: KeyObject): EcdsaPrivateKey | undefined {
    const publicKey = EcdsaPublicKey.from(createPublicKey(key).export({ format: 'der', type: 'spki' }));
    return publicKey && new EcdsaPrivateKey(key, publicKey);
  }

  sign(data: Buffer): Buffer {
    return this.publicKey.signatureFrom(sign(HASH, data, { key: this.#key, dsaEncoding: ENCODING }));
  }
}

/** So many tries find a scalar: fewer than one in two are out of range. */
const SCALAR_TRIES = 256;

/** A key pair with a scalar in [1, order) of the curve, drawn as FIPS 186-5 (A.2.2) does: whatever is out of range is drawn anew. */
function pairOf(curve: Curve, secretsOf: SecretSource): ECDH {
  const pair = createECDH(curve.name);
  const length = Math.ceil(curve.orderBits / 8);
  for (let tried = 0; tried < SCALAR_TRIES; tried++) {
    const scalar = Buffer.from(secretsOf(length));
    scalar[0] = (scalar[0] as number) & (0xff >> (8 * length - curve.orderBits));
    try {
      pair.setPrivateKey(scalar);
      return pair;
    } catch {
      // OpenSSL refuses 0, and what is not below the order.
    }
  }
  throw new Error(
    `no scalar of the curve ${curve.name} was found among ${SCALAR_TRIES}: the source of chance is broken`,
  );
}

function fieldBytes({ bits }: Curve): number {
  return Math.ceil(bits / 8);
}

/** Everything before the coordinates is the same for all keys of a curve. */
const PREFIXES = new Map(CURVES.map((curve) => [curve, derPrefix(curve)]));

function hasForm(bytes: Buffer, curve: Curve): boolean {
  const prefix = PREFIXES.get(curve) as Buffer;
  return bytes.length === prefix.length + 2 * fieldBytes(curve) && prefix.equals(bytes.subarray(0, prefix.length));
}

/** SEQUENCE { SEQUENCE { id-ecPublicKey, curve }, BIT STRING { no unused bits, uncompressed point: 04 x y } } */
function derPrefix(curve: Curve): Buffer {
  const algorithm = der(0x30, Buffer.from(`06072a8648ce3d0201${curve.oid}`, 'hex'));
  const point = Buffer.concat([Buffer.from([0, 4]), Buffer.alloc(2 * fieldBytes(curve))]);
  const whole = der(0x30, Buffer.concat([algorithm, der(0x03, point)]));
  return whole.subarray(0, whole.length - 2 * fieldBytes(curve));
}

/** A private key's binary form: all before the scalar, the scalar, all up to the coordinates, the coordinates. */
interface PrivateForm {
  readonly head: Buffer;
  readonly scalarEnd: number;
  readonly middle: Buffer;
  readonly length: number;
}

const PRIVATE_FORMS = new Map(CURVES.map((curve) => [curve, privateForm(curve)]));

function hasPrivateForm(bytes: Buffer, curve: Curve): boolean {
  const { head, scalarEnd, middle, length } = PRIVATE_FORMS.get(curve) as PrivateForm;
  return (
    bytes.length === length &&
    head.equals(bytes.subarray(0, head.length)) &&
    middle.equals(bytes.subarray(scalarEnd, scalarEnd + middle.length))
  );
}

function privateBytes(curve: Curve, scalar: Buffer, coordinates: Buffer): Buffer {
  const { head, scalarEnd, middle } = PRIVATE_FORMS.get(curve) as PrivateForm;
  const leading = Buffer.alloc(scalarEnd - head.length - scalar.length);
  return Buffer.concat([head, leading, scalar, middle, coordinates]);
}

/** Whether the scalar is one of the curve and the point follows from it. Takes up to 2 ms. */
function hasOwnPoint(bytes: Buffer, curve: Curve): boolean {
  const { head, scalarEnd } = PRIVATE_FORMS.get(curve) as PrivateForm;
  const pair = createECDH(curve.name);
  try {
    pair.setPrivateKey(bytes.subarray(head.length, scalarEnd));
  } catch {
    return false;
  }
  return pair
    .getPublicKey()
    .subarray(1)
    .equals(bytes.subarray(-2 * fieldBytes(curve)));
}

/** SEQUENCE { INTEGER 1, OCTET STRING scalar, [0] curve, [1] BIT STRING { no unused bits, uncompressed point } } */
function privateForm(curve: Curve): PrivateForm {
  const scalarBytes = Math.ceil(curve.orderBits / 8);
  const scalar = Buffer.concat([Buffer.from('020101', 'hex'), der(0x04, Buffer.alloc(scalarBytes))]);
  const point = Buffer.concat([Buffer.from([0, 4]), Buffer.alloc(2 * fieldBytes(curve))]);
  const rest = Buffer.concat([der(0xa0, Buffer.from(curve.oid, 'hex')), der(0xa1, der(0x03, point))]);
  const whole = der(0x30, Buffer.concat([scalar, rest]));
  const scalarEnd = whole.length - rest.length;
  return {
    head: whole.subarray(0, scalarEnd - scalarBytes),
    scalarEnd,
    middle: whole.subarray(scalarEnd, whole.length - 2 * fieldBytes(curve)),
    length: whole.length,
  };
}

/** Lengths here stay below 256. */
function der(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function keyOrNothing(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
