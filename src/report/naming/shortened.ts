/** Longer titles leave no room for the graph. */
const LENGTH_MAX = 100;

/** A text as it stands in a title, however long it is. */
export function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LENGTH_MAX ? text : `${characters.slice(0, LENGTH_MAX - 1).join('')}…`;
}
