/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that have a value: `$NAME` in a scenario may mean them. */
export function definedOnly(environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
