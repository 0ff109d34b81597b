/** A message names no more ranges than this, so that it can be read. */
const RANGES_SHOWN = 10;

/** Instance ids in words: `instance 3`, `instances 3, 5-8, …`. */
export function formatIds(ids: readonly number[]): string {
  const ranges: string[] = [];
  for (let start = 0, end = 0; start < ids.length; start = end) {
    end = start + 1;
    while (ids[end] === (ids[end - 1] as number) + 1) end++;
    ranges.push(end - start === 1 ? String(ids[start]) : `${ids[start]}-${ids[end - 1]}`);
  }
  const shown = ranges.slice(0, RANGES_SHOWN).join(', ');
  return `${ids.length === 1 ? 'instance' : 'instances'} ${shown}${ranges.length > RANGES_SHOWN ? ', …' : ''}`;
}
