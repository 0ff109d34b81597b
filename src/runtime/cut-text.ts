/**
 * Cuts a text to `charsMax` characters and adds how many are missing: an error's message may hold a whole file. If the
 * text was cut before, the characters that it lost then are counted as well.
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
/** The note that an earlier cut left is never longer than this, not even with the largest number in it. */
const EARLIER_CUT_CHARS = 60;

/** Whether a code unit is the first half of a character that takes two. */
function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
