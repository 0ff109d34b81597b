export interface IntroductionRequestOptions {
  /** Whether we want to be introduced to someone. @default true */
  readonly advice?: boolean;
  /** Whether we say what we have, so that we are sent what we miss. @default true, if the community syncs at all */
  readonly sync?: boolean;
}
