import type { Diagnostic } from '../runtime/diagnostic.js';
import { BOOLEANS } from '../runtime/parameter.js';
import type { ConfEntry, ConfPlace } from './conf-entry.js';
import { type Limit, NO_LIMIT, parseLimit } from './limits.js';
import {
  type ChoiceOf,
  findOption,
  type Option,
  type OptionKey,
  type OptionKeyOf,
  OPTIONS,
  type WordOf,
} from './options.js';

/**
 * Reads each option as the type that it has to be, and gathers the variables that the commands of the run and the
 * scenario get to see. A wrong value becomes a diagnostic at the option's place. An empty value counts as not given,
 * except for a command: an empty command means that there is none.
 */
export class OptionReader {
  /** Every option, known or not, in upper case. */
  readonly variables: Record<string, string> = {};
  readonly #entries: ReadonlyMap<string, ConfEntry>;
  readonly #diagnostics: Diagnostic[];
  readonly #confFile: string;

  constructor(entries: ReadonlyMap<string, ConfEntry>, diagnostics: Diagnostic[], confFile: string) {
    this.#entries = entries;
    this.#diagnostics = diagnostics;
    this.#confFile = confFile;
    for (const [key, { values }] of entries) this.export(key, values.join(','));
    for (const { key, default: value } of OPTIONS)
      if (value !== undefined && this.entry(key) === undefined) this.export(key, value);
  }

  /** Makes a value visible under every name of its option. */
  export(key: string, value: string): void {
    for (const name of [key, ...(findOption(key)?.aliases ?? [])]) this.variables[name.toUpperCase()] = value;
  }

  /** The entry that was given for an option, from whichever source. */
  entry(key: string): ConfEntry | undefined {
    const entry = this.#entries.get(key);
    const isCommand = findOption(key)?.type.kind === 'command';
    return entry === undefined || isCommand || entry.isList || entry.values[0]?.trim() !== '' ? entry : undefined;
  }

  /** The value as a text, which is empty when there is none. */
  text(key: OptionKey): string {
    return this.given(key) ?? known(key).default ?? '';
  }

  /** The value as it was written, commas and all; the default when there is none. */
  whole(key: OptionKey): string {
    return this.entry(key)?.values.join(',') ?? known(key).default ?? '';
  }

  /** The single value that was given for a key, which may be no option of ours. */
  given(key: string): string | undefined {
    const entry = this.entry(key);
    if (entry === undefined) return undefined;
    if (!entry.isList) return entry.values[0] ?? '';
    this.complain(key, `${key} is a list, expected one value`, 'quote a value that has commas in it');
    return '';
  }

  required(key: OptionKey): string {
    const given = this.entry(key);
    if (given === undefined) this.complain(key, `${key} is missing`, `add ${key} = …: it ${known(key).meaning}`);
    return this.text(key);
  }

  integer(key: OptionKeyOf<'integer'>): number | undefined {
    const text = this.text(key).trim();
    if (text === '') return undefined;
    const { type } = known(key);
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = type.kind === 'integer' ? type : {};
    const value = Number(text);
    if (/^[+-]?\d+$/.test(text) && value >= min && value <= max) return value;
    const word = type.kind === 'integer' && type.word !== undefined ? `, or ${type.word}` : '';
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    this.complain(key, `${key} is "${text}"`, `expected an integer ${range}${word}`);
    return undefined;
  }

  /** A whole number, or the option's word that stands for one. */
  integerOrWord<Key extends OptionKeyOf<'integer'>>(key: Key): number | WordOf<Key> | undefined {
    const text = this.text(key).trim();
    const { type } = known(key);
    return type.kind === 'integer' && text === type.word ? (text as WordOf<Key>) : this.integer(key);
  }

  /** The value of an option in seconds, as milliseconds. */
  milliseconds(key: OptionKeyOf<'seconds'>): number {
    const text = this.text(key).trim();
    const value = Number(text);
    if (/^\+?(\d+(\.\d*)?|\.\d+)$/.test(text) && value <= SECONDS_MAX) return Math.round(value * 1000);
    if (text !== '') this.complain(key, `${key} is "${text}"`, `expected seconds: a number from 0 to ${SECONDS_MAX}`);
    return 0;
  }

  /** One of the option's choices; the default when the given value is none of them. */
  choice<Key extends OptionKeyOf<'choice'>>(key: Key): ChoiceOf<Key> {
    const text = this.text(key).trim();
    const { type, default: usual } = known(key);
    const choices: readonly string[] = type.kind === 'choice' ? type.choices : [];
    if (choices.includes(text)) return text as ChoiceOf<Key>;
    if (text !== '') this.complain(key, `${key} is "${text}"`, `expected one of ${choices.join(', ')}`);
    return usual as ChoiceOf<Key>;
  }

  /** The choices that were given, in the order in which the option lists them; an empty list for the option's word for none. */
  choices<Key extends OptionKeyOf<'choices'>>(key: Key): readonly ChoiceOf<Key>[] {
    const values = this.entry(key)?.values ?? [known(key).default ?? ''];
    const given = values.flatMap((value) => value.split(',')).map((value) => value.trim());
    const { type } = known(key);
    const none = type.kind === 'choices' ? type.none : '';
    const choices: readonly string[] = type.kind === 'choices' ? type.choices : [];
    if (given.length === 1 && given[0] === none) return [];
    if (!given.every((value) => choices.includes(value)))
      this.complain(key, `${key} is "${values.join(', ')}"`, `expected some of ${choices.join(', ')}, or ${none}`);
    return choices.filter((choice) => given.includes(choice)) as ChoiceOf<Key>[];
  }

  limit(key: OptionKeyOf<'limit'>): Limit {
    const text = this.whole(key);
    const limit = parseLimit(text);
    if (limit !== undefined) return limit;
    this.complain(key, `${key} is "${text}"`, 'expected two numbers, the lower first, or none: 100, none');
    return NO_LIMIT;
  }

  checkBoolean(key: OptionKeyOf<'boolean'>): void {
    const text = this.text(key).trim();
    if (text === '' || BOOLEANS.has(text.toLowerCase())) return;
    this.complain(key, `${key} is "${text}"`, 'expected true, yes, on, 1 or false, no, off, 0');
  }

  complain(key: string, message: string, hint?: string): void {
    this.#diagnostics.push({ severity: 'error', message, ...this.place(key), ...(hint === undefined ? {} : { hint }) });
  }

  warn(key: string, message: string, hint?: string): void {
    this.#diagnostics.push({
      severity: 'warning',
      message,
      ...this.place(key),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** Where an option was given; the file as a whole when it was not. */
  place(key: string): ConfPlace {
    return this.#entries.get(key)?.place ?? { file: this.#confFile };
  }
}

/** The longest time that a timer can wait for: 2^31 - 1 milliseconds, nearly 25 days; a longer one would fire at once. */
const SECONDS_MAX = 2_147_483;

function known(key: OptionKey): Option {
  const option = OPTIONS.find((candidate) => candidate.key === key);
  if (option === undefined) throw new TypeError(`${key} is no option`);
  return option;
}
