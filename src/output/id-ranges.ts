/** `1-500 502`: ids in ascending order, those in a row by their first and last; five thousand ids would fill a page in each row. */
export function formatIdRanges(ids: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const id of [...ids].sort((one, other) => one - other)) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === id - 1) range[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(' ');
}

/** The ids of a text that `formatIdRanges` made; what is no range of ids is passed over. */
export function parseIdRanges(text: string): readonly number[] {
  return text.split(' ').flatMap((range) => {
    const [, first, last = first] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(range) ?? [];
    const length = Number(last) - Number(first) + 1;
    return length > 0 ? Array.from({ length }, (_, index) => Number(first) + index) : [];
  });
}
