import type { Missing } from '../message/check-result.js';

/** The key of something missing, by which the packets that wait for it are found when it comes. */
export function missingKey(missing: Missing): string {
  switch (missing.what) {
    case 'identity':
      return identityKey(missing.mid);
    case 'message':
      return messageKey(missing.member.mid, missing.globalTime);
    case 'sequence':
      return sequenceKey(missing.member.mid, missing.messageId, missing.high);
    case 'proof':
      return missing.of === 'policy' ? POLICY_KEY : proofKey(missing.of.mid);
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

/** Any change of what the member with this mid may do can be the proof. */
export function proofKey(mid: Buffer): string {
  return `proof ${mid.toString('latin1')}`;
}

/** Any change of the policies in force may be the one that a packet waits for. */
export const POLICY_KEY = 'policy';
