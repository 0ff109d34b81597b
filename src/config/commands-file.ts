/** The commands in a file for a process guard: one a line, without blank lines and those that start with `#`. */
export function commandsOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
