import { createHash } from 'node:crypto';
import { Curve25519PrivateKey } from './curve25519-key.js';
import { Member } from './member.js';

/**
 * The master member of a community whose author names none. It follows from the community's name alone, so that every
 * instance arrives at the same one; so can anyone else, which is right for an experiment and for nothing more.
 */
export function defaultMasterMember(communityName: string): Member {
  return derivedMember('default', communityName);
}

/** The master member of a community isolated to one run: no other run, and no community outside of it, has the same. */
export function isolatedMasterMember(communityName: string, runSeed: number | string): Member {
  return derivedMember('isolated', communityName, String(runSeed));
}

/** The parts are length-prefixed, so that no two lists of parts give the same member. */
function derivedMember(...parts: readonly string[]): Member {
  const hash = createHash('sha512').update('gumby-master-member');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return new Member(Curve25519PrivateKey.fromSecrets(hash.digest()));
}
