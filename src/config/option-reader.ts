import type { Diagnostic } from '../runtime/diagnostic.js';
import { BOOLEANS } from '../runtime/parameter.js';
import type { ConfEntry } from './conf-entry.js';
import { type Option, OPTIONS, UNIQUE_PORT } from './options.js';
import { type PortProbe, uniquePort, type UniquePortSeed } from './unique-port.js';

/** Reads options as what they have to be, and gathers what the commands of the run and the scenario get to see. */
export class OptionReader {
  /** Every option, known or not, in upper case. */
  readonly exported: Record<string, string> = {};
  readonly #entries: ReadonlyMap<string, ConfEntry>;
  readonly #diagnostics: Diagnostic[];
  readonly #confFile: string;
  readonly #portsTaken = new Set<number>();

  constructor(entries: ReadonlyMap<string, ConfEntry>, diagnostics: Diagnostic[], confFile: string) {
    this.#entries = entries;
    this.#diagnostics = diagnostics;
    this.#confFile = confFile;
    for (const { key, aliases, default: value } of OPTIONS)
      if (value !== undefined) this.#export([key, ...aliases], value);
    for (const [key, { values }] of entries) this.#export([key, ...aliasesOf(key)], values.join(','));
  }

  export(variables: Readonly<Record<string, string>>): void {
    Object.assign(this.exported, variables);
  }

  /** The value as text; empty when there is none. */
  text(key: string): string {
    const entry = this.#entries.get(key);
    if (entry?.isList === true) {
      this.complain(key, `${key} is a list, expected one value`, 'quote a value that has commas in it');
      return '';
    }
    return entry?.values[0] ?? optionOf(key).default ?? '';
  }

  required(key: string): string | undefined {
    const value = this.text(key).trim();
    if (value !== '') return value;
    this.complain(key, `${key} is missing`, `add ${key} = …: it ${optionOf(key).meaning}`);
    return undefined;
  }

  /** A command line, with `$NAME` replaced from the exported options; what is not among them stays for the shell. */
  command(key: string): string {
    return this.text(key).replace(/\$(?:\{(\w+)\}|(\w+))/g, (written, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? '';
      return Object.hasOwn(this.exported, name) ? (this.exported[name] ?? '') : written;
    });
  }

  integer(key: string): number | undefined {
    const text = this.text(key).trim();
    if (text === '') return undefined;
    const { type } = optionOf(key);
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = type.kind === 'integer' ? type : {};
    const value = Number(text);
    if (/^[+-]?\d+$/.test(text) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    this.complain(key, `${key} is "${text}"`, `expected an integer ${range}`);
    return undefined;
  }

  seconds(key: string): number {
    const text = this.text(key).trim();
    const value = Number(text);
    if (/^\+?(\d+(\.\d*)?|\.\d+)$/.test(text) && Number.isFinite(value)) return value;
    this.complain(key, `${key} is "${text}"`, 'expected seconds: a number of at least 0');
    return 0;
  }

  /** @param count - how many consecutive ports it stands for */
  async port(key: string, seed: Omit<UniquePortSeed, 'key'>, count: number, isFree: PortProbe): Promise<number | undefined> {
    const text = this.text(key).trim();
    if (text === '') return undefined;
    if (text === UNIQUE_PORT) return this.#uniquePort(key, seed, count, isFree);
    const port = Number(text);
    if (/^\d+$/.test(text) && port >= 1 && port + count - 1 <= 65_535) return port;
    this.complain(key, `${key} is "${text}"`, `expected a port from 1 to ${65_536 - count}, or ${UNIQUE_PORT}`);
    return undefined;
  }

  /** Gives a port to every option that asks for a unique one and has no meaning here. */
  async otherPorts(seed: Omit<UniquePortSeed, 'key'>, isFree: PortProbe): Promise<void> {
    for (const [key, { values, isList }] of this.#entries)
      if (!isList && values[0] === UNIQUE_PORT && !OPTIONS.some((option) => option.key === key))
        await this.#uniquePort(key, seed, 1, isFree);
  }

  /** Holds what nobody reads, because only a cluster run would, against its type. */
  checkTheRest(): void {
    for (const { key, type } of OPTIONS) {
      if (type.kind === 'boolean') this.#checkBoolean(key);
      else if (type.kind === 'integer' && key !== 'instances' && key !== 'instance_memory') this.integer(key);
    }
  }

  noteVirtualenv(): void {
    const entry = ['use_local_venv', 'use_remote_venv', 'virtualenv_dir'].map((key) => this.#entries.get(key)).find((found) => found !== undefined);
    if (entry === undefined || (entry.values[0] ?? '').toLowerCase() === 'false') return;
    this.#diagnostics.push({
      severity: 'warning',
      message: `${entry.key} has no meaning for TypeScript modules; it still applies to external Python commands`,
      ...entry.place,
    });
  }

  /** What asks for a cluster, if anything does. */
  clusterRequest(instanceCommand: string | undefined): Diagnostic | undefined {
    const heads = this.#entries.get('head_nodes');
    const key = instanceCommand !== undefined ? 'local_instance_cmd' : (heads?.values.join('') ?? '') !== '' ? 'head_nodes' : undefined;
    if (key === undefined) return undefined;
    return {
      severity: 'error',
      message: `${instanceCommand ?? key} asks for a run on a cluster, which is not available yet`,
      ...(this.#entries.get(key)?.place ?? { file: this.#confFile }),
      hint: 'leave it out to run all instances in this process',
    };
  }

  complain(key: string, message: string, hint?: string): void {
    const place = this.#entries.get(key)?.place ?? { file: this.#confFile };
    this.#diagnostics.push({ severity: 'error', message, ...place, ...(hint === undefined ? {} : { hint }) });
  }

  async #uniquePort(key: string, seed: Omit<UniquePortSeed, 'key'>, count: number, isFree: PortProbe): Promise<number | undefined> {
    const probe: PortProbe = async (port) => !this.#portsTaken.has(port) && (await isFree(port));
    const found = await uniquePort({ ...seed, key }, count, probe);
    if (found === undefined) {
      this.complain(key, `no free port was found for ${key}`, 'give a number instead of __unique_port__');
      return undefined;
    }
    for (let index = 0; index < count; index++) this.#portsTaken.add(found.port + index);
    this.#export([key, ...aliasesOf(key)], String(found.port));
    if (found.port !== found.wanted) {
      const place = this.#entries.get(key)?.place ?? { file: this.#confFile };
      this.#diagnostics.push({ severity: 'warning', message: `port ${found.wanted} of ${key} is taken: using ${found.port}`, ...place });
    }
    return found.port;
  }

  #checkBoolean(key: string): void {
    const text = this.text(key).trim().toLowerCase();
    if (text !== '' && !BOOLEANS.has(text)) this.complain(key, `${key} is "${text}"`, 'expected true, yes, on, 1 or false, no, off, 0');
  }

  #export(keys: readonly string[], value: string): void {
    for (const key of keys) this.exported[key.toUpperCase()] = value;
  }
}

function optionOf(key: string): Option {
  const option = OPTIONS.find((candidate) => candidate.key === key);
  if (option === undefined) throw new TypeError(`${key} is no option`);
  return option;
}

function aliasesOf(key: string): readonly string[] {
  return OPTIONS.find((option) => option.key === key)?.aliases ?? [];
}
