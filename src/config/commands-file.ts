/** The commands in a file for a process guard: one a line; blank lines and lines that start with `#` are left out. */
export function commandsOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
