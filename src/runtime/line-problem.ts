/** A stretch of a text, in UTF-16 code units. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** A problem with a stretch of a text; code that knows the text's place in the file makes it a diagnostic. */
export interface LineProblem extends Stretch {
  readonly message: string;
  readonly hint?: string;
}
