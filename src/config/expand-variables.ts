/**
 * Replaces `$NAME` and `${NAME}` by what the experiment exports. A name that the experiment does not export stays: it
 * may be the shell's. The inserted values are not searched for further names.
 */
export function expandVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (written, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return Object.hasOwn(variables, name) ? (variables[name] ?? '') : written;
  });
}
