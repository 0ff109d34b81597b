import type { Missing } from '../message/verdict.js';

/** Names what is missing, so that what waits for it is found when it comes. */
export function missingKey(missing: Missing): string {
  switch (missing.what) {
    case 'identity':
      return identityKey(missing.mid);
    case 'message':
      return messageKey(missing.member.mid, missing.globalTime);
    case 'sequence':
      return sequenceKey(missing.member.mid, missing.messageId, missing.high);
    case 'proof':
      return PROOF_KEY;
  }
}

export function identityKey(mid: Buffer): string {
  return `identity ${mid.toString('latin1')}`;
}

export function messageKey(mid: Buffer, globalTime: bigint): string {
  return `message ${mid.toString('latin1')} ${globalTime}`;
}

export function sequenceKey(mid: Buffer, messageId: number, sequenceNumber: number): string {
  return `sequence ${mid.toString('latin1')} ${messageId} ${sequenceNumber}`;
}

/** Any change of permissions may be the proof that a packet waits for. */
export const PROOF_KEY = 'proof';
