import { ipv8Packets } from '../support/ipv8-packets.js';

interface CurveFields {
  readonly curve: string;
  readonly signature_length: number;
}

/** A key of each curve with one signature, made by Python IPv8. */
export const keyVectors = ipv8Packets.key_vectors.map((vector) => {
  const { curve, signature_length: signatureLength } = vector as typeof vector & CurveFields;
  return {
    curve,
    signatureLength,
    mid: vector.mid,
    privateKey: Buffer.from(vector.private_key_bin, 'hex'),
    publicKey: Buffer.from(vector.public_key_bin, 'hex'),
    message: Buffer.from(vector.message, 'hex'),
    signature: Buffer.from(vector.signature, 'hex'),
  };
});

/** A copy with one bit changed. */
export function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = bit >> 3;
  copy[index] = (copy[index] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
