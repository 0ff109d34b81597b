/** What a check says about a message: nothing when it is fine, or why it is dropped. */
export type Verdict = Drop | undefined;

export interface Drop {
  readonly kind: 'drop';
  readonly reason: string;
}

/** Drops a message; they are counted by `reason`, so a reason names a kind of fault and never a value. */
export function drop(reason: string): Drop {
  return { kind: 'drop', reason };
}
