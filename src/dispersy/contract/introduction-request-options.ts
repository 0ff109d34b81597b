export interface IntroductionRequestOptions {
  /** Whether we want to be introduced to someone. @default true */
  readonly advice?: boolean;
  /** Whether the request says which messages we have, so that we are sent those that we miss. @default true, if the community syncs at all */
  readonly sync?: boolean;
}
