/** What a series or distribution is to be called, before it is known what else is called so. */
export interface WantedName {
  /** Lower case with dashes. */
  readonly stem: string;
  /** What it is of, in full: two with different identities are never one. */
  readonly identity: string;
  /** Whether the stem says in full what it is of: then it keeps the stem rather than one that is of something else. */
  readonly isExact: boolean;
}

/** A name of the library's own. @param source - what it is of, where the stem does not say it in full */
export function ourName(stem: string, source = stem): WantedName {
  return { stem, identity: `ours ${source}`, isExact: source === stem };
}
