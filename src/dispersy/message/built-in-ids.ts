/** A community's own messages have the ids from 1 up to this one; the built-in messages have the ids above. */
export const OWN_MESSAGE_ID_MAX = 230;
/** No message may have a higher id. */
export const MESSAGE_ID_MAX = 254;

/** The ids of the messages that every community has; they are part of the wire format. */
export const BUILT_IN_IDS = {
  newPuncture: 231,
  newPunctureRequest: 232,
  newIntroductionResponse: 233,
  newIntroductionRequest: 234,
  dynamicSettings: 236,
  undoOther: 237,
  undoOwn: 238,
  missingMessage: 239,
  revoke: 242,
  authorize: 243,
  destroyCommunity: 244,
  introductionResponse: 245,
  introductionRequest: 246,
  missingIdentity: 247,
  identity: 248,
  puncture: 249,
  punctureRequest: 250,
  signatureResponse: 251,
  signatureRequest: 252,
  missingProof: 253,
  missingSequence: 254,
} as const;

/** Whether these messages change what members may do, or under which policy. */
export function isPermissionMessage({ id }: { readonly id: number }): boolean {
  return id === BUILT_IN_IDS.authorize || id === BUILT_IN_IDS.revoke || id === BUILT_IN_IDS.dynamicSettings;
}

/** Whether these messages undo others. */
export function isUndoMessage({ id }: { readonly id: number }): boolean {
  return id === BUILT_IN_IDS.undoOwn || id === BUILT_IN_IDS.undoOther;
}

/** Whether peers meet by these messages: introductions and punctures, in both styles. */
export function isMeetingMessage({ id }: { readonly id: number }): boolean {
  return MEETING_IDS.has(id);
}

const MEETING_IDS: ReadonlySet<number> = new Set([
  BUILT_IN_IDS.newPuncture,
  BUILT_IN_IDS.newPunctureRequest,
  BUILT_IN_IDS.newIntroductionResponse,
  BUILT_IN_IDS.newIntroductionRequest,
  BUILT_IN_IDS.introductionResponse,
  BUILT_IN_IDS.introductionRequest,
  BUILT_IN_IDS.puncture,
  BUILT_IN_IDS.punctureRequest,
]);
