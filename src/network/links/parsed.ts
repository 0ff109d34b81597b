/** Why a text is not what it should be, and what would be. */
export interface Refusal {
  readonly ok: false;
  readonly message: string;
  readonly hint: string;
}

/** What a text says, or what is wrong with it. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Refusal;

/** What one setting changes, or what is wrong with it. */
export type ParsedSetting<Change> = { readonly ok: true; readonly change: Change } | Refusal;
