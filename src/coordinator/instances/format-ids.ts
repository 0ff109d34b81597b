import { formatIdRanges } from '../../output/id-ranges.js';

/** A message names no more ranges than this, so that it can be read. */
const RANGES_SHOWN = 10;

/** Instance ids in words: `instance 3`, `instances 3, 5-8, …`. */
export function formatIds(ids: readonly number[]): string {
  const ranges = ids.length === 0 ? [] : formatIdRanges(ids).split(' ');
  const shown = ranges.slice(0, RANGES_SHOWN).join(', ');
  return `${ids.length === 1 ? 'instance' : 'instances'} ${shown}${ranges.length > RANGES_SHOWN ? ', …' : ''}`;
}
