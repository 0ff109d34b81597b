/** Environment variables, as the process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Those that have a value: what `$NAME` in a scenario may find. */
export function definedOnly(environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
