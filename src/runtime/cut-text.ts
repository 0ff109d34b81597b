/**
 * A text that is no longer than `charsMax`, but for the words that say how much of it is missing: an error's message may hold
 * a whole file. What is missing of a text that was cut before is counted in.
 */
export function cutText(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const before = EARLIER_CUT.exec(text.slice(-EARLIER_CUT_CHARS));
  const whole = before === null ? text : text.slice(0, -before[0].length);
  if (whole.length <= charsMax) return text;
  const end = isHighSurrogate(whole.charCodeAt(charsMax - 1)) ? charsMax - 1 : charsMax;
  const missing = whole.length - end + Number(before?.[1]?.replaceAll(',', '') ?? 0);
  return `${whole.slice(0, end)} … (${missing.toLocaleString('en')} more characters were cut)`;
}

const EARLIER_CUT = / … \(([\d,]+) more characters were cut\)$/;
/** No longer than this with the largest number. */
const EARLIER_CUT_CHARS = 60;

/** The first half of a character that takes two places. */
function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
