/** Reads a file whose damaged lines cost only themselves, and are counted in a note. */
export function withDamageNoted(name: string, notes: string[], read: (onDamaged: () => void) => void): void {
  let damaged = 0;
  read(() => damaged++);
  if (damaged > 0) notes.push(`${name}: ${damaged} damaged line${damaged === 1 ? '' : 's'} left out`);
}
