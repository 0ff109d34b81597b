/** A stretch of a text, in UTF-16 code units. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** What is wrong with a stretch of a text; whoever knows where the text stands makes it a diagnostic. */
export interface LineProblem extends Stretch {
  readonly message: string;
  readonly hint?: string;
}
