import type { Member } from '../identity/member.js';
import type { DecodedMessage } from './conversion.js';
import { membersOf } from './message.js';

/** Whether all members have signed the packet. A message without members needs no signature. */
export function hasRightSignatures(decoded: DecodedMessage): boolean {
  return unsignedMembers(decoded).length === 0;
}

/** The members named in the packet whose signature is not right, or not there. */
export function unsignedMembers(decoded: DecodedMessage): readonly Member[] {
  const { message, signatureLength } = decoded;
  if (signatureLength === 0) return NOBODY;
  const { packet } = message;
  const signed = signedPart(decoded);
  let at = packet.length - signatureLength;
  return membersOf(message).filter((member) => {
    const signature = packet.subarray(at, (at += member.signatureLength));
    return !member.verify(signed, signature);
  });
}

const NOBODY: readonly Member[] = [];

/**
 * The bytes that the signatures cover: everything before them. Every hop lowers the depth of an n-hop message, so that
 * the depth of its definition is signed, and is put back here.
 */
export function signedPart({ message, signatureLength }: DecodedMessage): Buffer {
  const signed = message.packet.subarray(0, message.packet.length - signatureLength);
  const { destination } = message.meta;
  return destination.kind === 'nHop' ? withDepth(signed, message.depthOffset, destination.depth) : signed;
}

/** A copy of a packet with another depth. */
export function withDepth(packet: Buffer, depthOffset: number, depth: number): Buffer {
  const copy = Buffer.from(packet);
  copy.writeInt8(depth, depthOffset);
  return copy;
}

/** A copy of a packet with the signature of one of its members in its place. */
export function withSignature(decoded: DecodedMessage, signer: Member): Buffer {
  const { message, signatureLength } = decoded;
  const copy = Buffer.from(message.packet);
  let at = copy.length - signatureLength;
  for (const member of membersOf(message)) {
    if (member.mid.equals(signer.mid)) copy.set(signer.sign(signedPart(decoded)), at);
    at += member.signatureLength;
  }
  return copy;
}
