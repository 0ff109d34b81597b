/** The name that a series or distribution wants, before it is known whether another one wants the same. */
export interface WantedName {
  /** The name in lower case with dashes. */
  readonly stem: string;
  /** What the thing is, in full: two things with different identities are never one. */
  readonly identity: string;
  /** Whether the stem says the identity in full: then this thing keeps the stem rather than one with another identity. */
  readonly isExact: boolean;
}

/** A name of the library's own. @param source - the identity, where the stem does not say it in full */
export function ourName(stem: string, source = stem): WantedName {
  return { stem, identity: `ours ${source}`, isExact: source === stem };
}
