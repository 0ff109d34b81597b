import { ALL_PEERS, type PeerRange, type PeerSet } from './peer-set.js';

/** A complaint about a part of a text: where in it, and what. */
export interface SpecError {
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
}

export type PeerSpecResult =
  | { readonly ok: true; readonly peers: PeerSet; readonly outside: readonly SpecError[] }
  | { readonly ok: false; readonly error: SpecError };

const EXPECTED = 'expected instance numbers: {3}, {1,2}, {3-6}, {1, 4-6,9} or, for all others, {!2}, {!1-5,7}';

/**
 * Parses what stands between the braces of a PEERSPEC.
 * @returns the set, with a complaint (`outside`) for each number that no instance has
 */
export function parsePeerSpec(text: string, instanceCount: number): PeerSpecResult {
  if (text.trim() === '') return { ok: true, peers: ALL_PEERS, outside: [] };
  const ranges: PeerRange[] = [];
  const outside: SpecError[] = [];
  let negated = false;
  let offset = 0;
  for (const [index, piece] of text.split(',').entries()) {
    const place = { offset: offset + piece.length - piece.trimStart().length, length: Math.max(1, piece.trim().length) };
    offset += piece.length + 1;
    const match = PIECE.exec(piece.trim());
    if (match === null)
      return fail(piece.trim() === '' ? 'an instance number is missing' : `"${piece.trim()}" is no instance number or range`, place);
    if (match[1] === '!' && index > 0 && !negated)
      return fail('"!" turns the whole selection round, so it must lead it', place);
    negated ||= match[1] === '!';
    const from = Number(match[2]);
    const to = match[3] === undefined ? from : Number(match[3]);
    if (from > to) return fail(`the range ${from}-${to} has its ends swapped`, place, `write ${to}-${from}`);
    ranges.push({ from, to });
    if (from < 1 || to > instanceCount)
      outside.push({
        message: `${from === to ? `instance ${from}` : `range ${from}-${to}`} is outside 1..${instanceCount}`,
        ...place,
      });
  }
  return { ok: true, peers: { kind: negated ? 'except' : 'ranges', ranges }, outside };
}

const PIECE = /^(!)?\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?$/;

function fail(message: string, place: { readonly offset: number; readonly length: number }, hint = EXPECTED): PeerSpecResult {
  return { ok: false, error: { message, hint, ...place } };
}
