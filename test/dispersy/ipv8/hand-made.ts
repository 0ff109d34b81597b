import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { ipv8Packets } from '../support/ipv8-packets.js';

/*
 * IPv8's packets made and taken apart with Buffers and node:crypto alone, so that ours are held against something else
 * than ourselves.
 */

const PREFIX = Buffer.from(`0002${ipv8Packets.community_id}`, 'hex');
const ED25519_SEED = Buffer.from('302e020100300506032b657004220420', 'hex');
const X25519_SEED = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SIGNATURE_BYTES = 64;
const KEY_BYTES = 74;

export interface HandMadeKey {
  /** `LibNaCLSK:`, the seed that decrypts, the seed that signs. */
  readonly privateBin: Buffer;
  /** `LibNaCLPK:`, and the two public halves. */
  readonly publicBin: Buffer;
  readonly sign: (data: Buffer) => Buffer;
  readonly verifies: (data: Buffer, signature: Buffer) => boolean;
}

/** @param fill - what every byte of the seed that signs is; of the other one, the next number. */
export function handMadeKey(fill: number): HandMadeKey {
  const [signSeed, cryptSeed] = [Buffer.alloc(32, fill), Buffer.alloc(32, fill + 1)];
  const [signKey, cryptKey] = [keyOf(ED25519_SEED, signSeed), keyOf(X25519_SEED, cryptSeed)];
  return {
    privateBin: Buffer.concat([Buffer.from('LibNaCLSK:'), cryptSeed, signSeed]),
    publicBin: Buffer.concat([Buffer.from('LibNaCLPK:'), publicHalf(cryptKey), publicHalf(signKey)]),
    sign: (data) => sign(null, data, signKey),
    verifies: (data, signature) => verify(null, data, createPublicKey(signKey), signature),
  };
}

function keyOf(derPrefix: Buffer, seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([derPrefix, seed]), format: 'der', type: 'pkcs8' });
}

function publicHalf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
}

export const u8 = (value: number) => Buffer.from([value]);

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** Four bytes and a port, from `host:port`. */
export function ipv4(text: string): Buffer {
  const [host, port] = splitAddress(text);
  return Buffer.concat([Buffer.from(host.split('.').map(Number)), u16(port)]);
}

/** The same, led by the type that says IPv4. */
export function typedIpv4(text: string): Buffer {
  return Buffer.concat([u8(1), ipv4(text)]);
}

export function addressOf(text: string) {
  const [host, port] = splitAddress(text);
  return { host, port };
}

function splitAddress(text: string): [string, number] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), Number(text.slice(colon + 1))];
}

/** @param parts - what stands between the key and the signature. */
export function signedPacket(key: HandMadeKey, id: number, parts: readonly Buffer[]): Buffer {
  const signed = Buffer.concat([PREFIX, u8(id), u16(KEY_BYTES), key.publicBin, ...parts]);
  return Buffer.concat([signed, key.sign(signed)]);
}

export function unsignedPacket(id: number, parts: readonly Buffer[]): Buffer {
  return Buffer.concat([PREFIX, u8(id), ...parts]);
}

/** A packet with a global time, cut by its offsets. */
export interface Cut {
  readonly id: number;
  readonly globalTime: bigint;
  /** From the global time to the signature. */
  readonly body: Buffer;
}

/** @throws Error when it is not of this overlay, not of this key, or not rightly signed. */
export function cutSigned(packet: Buffer, publicBin: Buffer): Cut {
  const bodyAt = 23 + 2 + KEY_BYTES + 8;
  const signatureAt = packet.length - SIGNATURE_BYTES;
  if (!packet.subarray(0, 22).equals(PREFIX)) throw new Error('another overlay');
  if (packet.readUInt16BE(23) !== KEY_BYTES) throw new Error('a key of another length');
  if (!packet.subarray(25, 25 + KEY_BYTES).equals(publicBin)) throw new Error('another key');
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicBin.subarray(42)]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  if (!verify(null, packet.subarray(0, signatureAt), key, packet.subarray(signatureAt)))
    throw new Error('another signature');
  return {
    id: packet.readUInt8(22),
    globalTime: packet.readBigUInt64BE(25 + KEY_BYTES),
    body: packet.subarray(bodyAt, signatureAt),
  };
}

/** @throws Error when it is not of this overlay. */
export function cutUnsigned(packet: Buffer): Cut {
  if (!packet.subarray(0, 22).equals(PREFIX)) throw new Error('another overlay');
  return { id: packet.readUInt8(22), globalTime: packet.readBigUInt64BE(23), body: packet.subarray(31) };
}

/** `host:port` of the six bytes from here. */
export function addressAt(bytes: Buffer, offset: number): string {
  return `${[...bytes.subarray(offset, offset + 4)].join('.')}:${bytes.readUInt16BE(offset + 4)}`;
}
