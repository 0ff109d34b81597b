import type { LineProblem, Stretch } from '../line-problem.js';
import type { InstanceRange } from './instance-range.js';
import { ALL_PEERS, complementOf, type PeerSet, peerSetOf } from './peer-set.js';

export type PeerSpecResult =
  | { readonly ok: true; readonly peers: PeerSet; readonly warnings: readonly LineProblem[] }
  | { readonly ok: false; readonly problem: LineProblem };

const EXPECTED = 'expected instance numbers: {3}, {1,2}, {3-6}, {1, 4-6,9} or, for all others, {!2}, {!1-5,7}';

/**
 * Parses what stands between the braces of a PEERSPEC. A leading `!` turns the whole selection round; `{!1,!2}`, the older way
 * to write it, means the same as `{!1,2}`. A comma too many brings only a warning, because Gumby overlooks it.
 */
export function parsePeerSpec(text: string, instanceCount: number): PeerSpecResult {
  if (text.trim() === '') return { ok: true, peers: ALL_PEERS, warnings: [] };
  const ranges: InstanceRange[] = [];
  const warnings: LineProblem[] = [];
  let negated = false;
  let offset = 0;
  for (const piece of text.split(',')) {
    const written = piece.trim();
    const place = { offset: offset + piece.length - piece.trimStart().length, length: Math.max(1, written.length) };
    offset += piece.length + 1;
    if (written === '') {
      warnings.push({ message: 'an instance number is missing beside the comma', ...place });
      continue;
    }
    const match = PIECE.exec(written);
    if (match === null) return fail(`"${written}" is no instance number or range`, place);
    const negates = match[1] === '!';
    if (negates && !negated && ranges.length > 0)
      return fail('"!" turns the whole selection round, so it must lead it', place);
    negated ||= negates;
    const from = Number(match[2]);
    const to = match[3] === undefined ? from : Number(match[3]);
    if (from > to) return fail(`the range ${from}-${to} has its ends swapped`, place, `write ${to}-${from}`);
    ranges.push({ from, to });
    if (from < 1 || to > instanceCount) warnings.push({ message: describeOutside(from, to, instanceCount), ...place });
  }
  if (ranges.length === 0) return fail('no instance is selected', { offset: 0, length: text.length });
  const selected = peerSetOf(ranges, instanceCount);
  return { ok: true, peers: negated ? complementOf(selected, instanceCount) : selected, warnings };
}

const PIECE = /^(!)?\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?$/;

function describeOutside(from: number, to: number, instanceCount: number): string {
  return `${from === to ? `instance ${from} is` : `the range ${from}-${to} reaches`} outside 1..${instanceCount}`;
}

function fail(message: string, place: Stretch, hint = EXPECTED): PeerSpecResult {
  return { ok: false, problem: { message, hint, ...place } };
}
