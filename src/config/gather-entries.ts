import type { Diagnostic } from '../runtime/diagnostic.js';
import { suggestionFor } from '../runtime/suggestion.js';
import { COMMAND_LINE, type ConfEntry, type ConfPlace, ENVIRONMENT } from './conf-entry.js';
import { findOption, OPTIONS } from './options.js';

export interface EntrySources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly set: readonly string[];
}

/** Only variables of the environment with this prefix are options. */
const ENVIRONMENT_PREFIX = 'GUMBY_';

/**
 * Merges the sources of values, the strongest last: file, environment, `--set`. Each option appears under its own name,
 * whatever alias it was given by. Unknown keys stay as they are; a key that is close to a known one brings a warning.
 */
export function gatherEntries(
  file: readonly ConfEntry[],
  sources: EntrySources,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, ConfEntry> {
  const merged = new Map<string, ConfEntry>();
  for (const level of [file, environmentEntries(sources.environment), setEntries(sources.set, diagnostics)])
    for (const entry of canonical(level, diagnostics)) merged.set(entry.key, entry);
  return merged;
}

function environmentEntries(environment: EntrySources['environment']): readonly ConfEntry[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith(ENVIRONMENT_PREFIX) && name.length > ENVIRONMENT_PREFIX.length && value !== undefined
      ? [entryOf(name.slice(ENVIRONMENT_PREFIX.length), value, { file: ENVIRONMENT })]
      : [],
  );
}

function setEntries(set: readonly string[], diagnostics: Diagnostic[]): readonly ConfEntry[] {
  const entries = new Map<string, ConfEntry>();
  for (const text of set) {
    const place = { file: COMMAND_LINE };
    const match = /^([A-Za-z_][\w.-]*)=([^]*)$/.exec(text);
    if (match === null)
      diagnostics.push({
        severity: 'error',
        message: `"${text}" is no KEY=VALUE`,
        ...place,
        hint: 'write --set experiment_time=90',
      });
    else {
      const entry = entryOf(match[1] ?? '', match[2] ?? '', place);
      entries.set(entry.key, entry);
    }
  }
  return [...entries.values()];
}

function entryOf(key: string, value: string, place: ConfPlace): ConfEntry {
  return { key: key.toLowerCase(), values: [value], isList: false, place };
}

/** The entries of one source under their options' own names. */
function canonical(entries: readonly ConfEntry[], diagnostics: Diagnostic[]): readonly ConfEntry[] {
  const byOption = new Map<string, ConfEntry>();
  const written = new Map<string, ConfEntry>();
  for (const entry of entries) {
    const option = findOption(entry.key);
    if (option === undefined) warnOfNearMiss(entry, diagnostics);
    const key = option?.key ?? entry.key;
    const other = written.get(key);
    if (other !== undefined && other.values.join() !== entry.values.join())
      diagnostics.push({
        severity: 'error',
        message: `${entry.key} is ${entry.values.join()}, but its other name ${other.key}${lineOf(other)} is ${other.values.join()}`,
        ...entry.place,
        hint: 'keep one of the two',
      });
    written.set(key, entry);
    byOption.set(key, { ...entry, key });
  }
  return [...byOption.values()];
}

function lineOf({ place }: ConfEntry): string {
  return place.line === undefined ? '' : ` in line ${place.line}`;
}

function warnOfNearMiss(entry: ConfEntry, diagnostics: Diagnostic[]): void {
  const known = OPTIONS.flatMap(({ key, aliases }) => [key, ...aliases]);
  const suggestion = suggestionFor(entry.key, known);
  if (suggestion === undefined) return;
  diagnostics.push({
    severity: 'warning',
    message: `"${entry.key}" is no option of this program`,
    ...entry.place,
    ...(entry.place.source === undefined
      ? {}
      : { column: entry.place.source.search(/\S/) + 1, length: entry.key.length }),
    hint: `did you mean "${suggestion}"?`,
  });
}
