import { shortHash } from './file-name.js';
import type { WantedName } from './wanted-name.js';

/** Gives everything in a report a name of its own: things that would have the same name are told apart by a hash of their identity. */
export class ReportNames {
  readonly #wanted = new Map<string, WantedName>();
  #chosen: ReadonlyMap<string, string> | undefined;

  want(name: WantedName): void {
    if (this.#chosen !== undefined) throw new Error(`the names of the report are given already: ${name.identity}`);
    this.#wanted.set(name.identity, name);
  }

  /** The name of something; to be asked after everything has wanted its name. */
  of({ identity }: WantedName): string {
    this.#chosen ??= chooseNames([...this.#wanted.values()]);
    const chosen = this.#chosen.get(identity);
    if (chosen === undefined) throw new Error(`nobody wanted a name for ${identity}`);
    return chosen;
  }
}

/** Chooses the names. Each is the same in whatever order they are wanted. */
function chooseNames(wanted: readonly WantedName[]): ReadonlyMap<string, string> {
  const order = wanted.toSorted(
    (one, other) =>
      Number(other.isExact) - Number(one.isExact) || (one.identity < other.identity ? -1 : Number(one !== other)),
  );
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const others: WantedName[] = [];
  const take = (identity: string, name: string) => {
    names.set(identity, name);
    // File systems may not tell upper from lower case.
    taken.add(name.toLowerCase());
  };
  for (const name of order)
    if (taken.has(name.stem.toLowerCase())) others.push(name);
    else take(name.identity, name.stem);
  for (const { stem, identity } of others) {
    let name = `${stem}-${shortHash(identity)}`;
    while (taken.has(name.toLowerCase())) name = `${stem}-${shortHash(name)}`;
    take(identity, name);
  }
  return names;
}
