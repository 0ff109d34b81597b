/**
 * A text that is no longer than `charsMax`, but for the words that say how much of it is missing: an error's message may hold
 * a whole file.
 */
export function cutText(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const end = isHighSurrogate(text.charCodeAt(charsMax - 1)) ? charsMax - 1 : charsMax;
  return `${text.slice(0, end)} … (${(text.length - end).toLocaleString('en')} more characters were cut)`;
}

/** The first half of a character that takes two places. */
function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
