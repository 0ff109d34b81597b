/** The length of a title: a longer one leaves no room for the graph. */
const LENGTH_MAX = 100;

/** A text of any length, shortened for a title. */
export function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LENGTH_MAX ? text : `${characters.slice(0, LENGTH_MAX - 1).join('')}…`;
}
