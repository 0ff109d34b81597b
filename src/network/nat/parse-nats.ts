import { parsePeerSpec } from '../../runtime/peers/peer-spec.js';
import { firstInBoth, peersIn, rangesOf } from '../../runtime/peers/peer-set.js';
import { didYouMean } from '../../runtime/suggestion.js';
import type { Parsed, Refusal } from '../links/parsed.js';
import { type NatAssignment, SHARERS_MAX } from './nat-plan.js';
import { NAT_TYPES, type NatType, translates } from './nat-type.js';

const FORM = 'write port-restricted {1-40}, symmetric {41-50}, or symmetric {41-50} shared for one NAT of all ten';
const PIECE = /\s*([^\s{},]+)\s*(?:\{([^{}]*)\})?\s*(?:([^\s{},]+)\s*)?(?:,|$)/y;

/** Reads the name of a NAT. */
export function parseNatType(text: string): Parsed<NatType> {
  const type = NAT_TYPES.find((each) => each === text);
  if (type !== undefined) return { ok: true, value: type };
  const question = didYouMean(text, NAT_TYPES);
  return fail(`there is no NAT "${text}"${question}`, `expected ${NAT_TYPES.join(', ')}`);
}

/** Reads `port-restricted {1-40}, symmetric {41-50} shared`; a type without a group is for all instances. */
export function parseNats(text: string, instanceCount: number): Parsed<readonly NatAssignment[]> {
  const assignments: NatAssignment[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < text.length) {
    const match = PIECE.exec(text);
    if (match === null) return fail(`"${text}" is no list of NATs`, FORM);
    const [, type = '', spec, word] = match;
    const parsed = parseAssignment(type, spec, word, instanceCount);
    if (!parsed.ok) return parsed;
    for (const { group } of assignments) {
      const twice = firstInBoth(group, parsed.value.group);
      if (twice !== undefined) return fail(`instance ${twice} is in two groups`, 'an instance has one NAT');
    }
    assignments.push(parsed.value);
  }
  return { ok: true, value: assignments };
}

function parseAssignment(
  typeText: string,
  spec: string | undefined,
  word: string | undefined,
  instanceCount: number,
): Parsed<NatAssignment> {
  const type = parseNatType(typeText);
  if (!type.ok) return type;
  if (word !== undefined && word !== 'shared') return fail(`"${word}" is not "shared"`, FORM);
  const result = parsePeerSpec(spec ?? '', instanceCount);
  if (!result.ok) return fail(result.problem.message, result.problem.hint ?? FORM);
  const [warning] = result.warnings;
  if (warning !== undefined) return fail(warning.message, `instances are from 1 to ${instanceCount}`);
  const group = rangesOf(result.peers, instanceCount);
  const isShared = word === 'shared';
  if (isShared && !translates(type.value))
    return fail(`"${type.value}" cannot be shared`, 'only NATs give several instances one address');
  const count = peersIn(result.peers, instanceCount).length;
  if (isShared && count > SHARERS_MAX)
    return fail(
      `${count} instances share a NAT`,
      `a NAT has ports for ${SHARERS_MAX} at most: give it a smaller group`,
    );
  return { ok: true, value: { type: type.value, group, isShared } };
}

function fail(message: string, hint: string): Refusal {
  return { ok: false, message, hint };
}
