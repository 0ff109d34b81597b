/**
 * Replaces `$NAME` and `${NAME}` by what the experiment exports. A name that is not among it stays: it may be the shell's.
 * What comes in is not looked through again.
 */
export function expandVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (written, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return Object.hasOwn(variables, name) ? (variables[name] ?? '') : written;
  });
}
