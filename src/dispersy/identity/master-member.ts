import { createHash } from 'node:crypto';
import { Curve25519PrivateKey } from './curve25519-key.js';
import { Member } from './member.js';

/**
 * The master member of a community whose author names none. The member follows from the community's name alone, so that
 * every instance arrives at the same one. Anyone else can do so, too, which is right for an experiment and for nothing
 * more.
 */
export function defaultMasterMember(communityName: string): Member {
  return derivedMember('default', communityName);
}

/** The master member of a community isolated to one run: no other run, and no community outside of the run, has the same. */
export function isolatedMasterMember(communityName: string, runSeed: number | string): Member {
  return derivedMember('isolated', communityName, String(runSeed));
}

/**
 * How many derived members are remembered: more than any experiment has communities, but a program that isolates without
 * end must not fill the memory.
 */
const DERIVED_MAX = 256;

/** Members do not change, and all instances of a thread derive the same few. */
const derived = new Map<string, Member>();

/** The parts are length-prefixed, so that no two lists of parts give the same member. */
function derivedMember(...parts: readonly string[]): Member {
  const name = parts.map((part) => `${part.length}:${part}`).join('');
  const known = derived.get(name);
  if (known !== undefined) return known;
  if (derived.size >= DERIVED_MAX) derived.clear();
  const secrets = createHash('sha512').update('gumby-master-member').update(name).digest();
  const member = new Member(Curve25519PrivateKey.fromSecrets(secrets));
  derived.set(name, member);
  return member;
}
