import { join } from 'node:path';
import { type Clock, every, type Timer } from '../runtime/clock.js';
import { CsvFile } from './csv-file.js';
import { groupUsages, networkUsage } from './proc.js';

export const COMMANDS_FILE = 'commands.csv';

const COLUMNS = [
  'time',
  'command',
  'processes',
  'user_s',
  'system_s',
  'rss_bytes',
  'read_bytes',
  'write_bytes',
] as const;
const NETWORK_COLUMNS = ['machine_received_bytes', 'machine_sent_bytes'] as const;

export interface CommandMonitorInit {
  readonly directory: string;
  readonly intervalMs: number;
  /** Whether the machine's network counters are written as well. */
  readonly network: boolean;
}

export interface CommandMonitorComponents {
  readonly clock: Clock;
  /** Told when the table cannot be written; nothing more is written then. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Looks at the process trees of external commands, once an interval, and writes them to `commands.csv`. A command is told by the stem
 * of its output's files, e.g. `00011`. Where the system has no `/proc` there is no table.
 */
export class CommandMonitor {
  readonly #init: CommandMonitorInit;
  readonly #components: CommandMonitorComponents;
  readonly #watched = new Map<number, string>();
  #file: CsvFile | undefined;
  #timer: Timer | undefined;
  #failed = false;

  constructor(init: CommandMonitorInit, components: CommandMonitorComponents) {
    this.#init = init;
    this.#components = components;
  }

  /** @param group - the process group, which is the process id of its leader */
  watch(name: string, group: number): void {
    this.#watched.set(group, name);
    this.#timer ??= every(this.#components.clock, this.#init.intervalMs, () => this.#lookOrReport(), { weak: true });
    this.#lookOrReport();
  }

  unwatch(group: number): void {
    this.#watched.delete(group);
    if (this.#watched.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #lookOrReport(): void {
    if (this.#failed) return;
    try {
      this.#look();
    } catch (error) {
      this.#failed = true;
      this.#components.onFailure(error);
    }
  }

  #look(): void {
    const usages = groupUsages(new Set(this.#watched.keys()));
    if (usages === undefined) return;
    const wallS = this.#components.clock.wallMs() / 1000;
    const { directory, network } = this.#init;
    this.#file ??= new CsvFile(join(directory, COMMANDS_FILE), network ? [...COLUMNS, ...NETWORK_COLUMNS] : COLUMNS);
    const machine = network ? networkUsage() : undefined;
    this.#file.append(
      [...usages].map(([group, { processes, userS, systemS, rssBytes, readBytes, writeBytes }]) => [
        ...[wallS, this.#watched.get(group), processes, userS, systemS, rssBytes, readBytes, writeBytes],
        ...(network ? [machine?.receivedBytes, machine?.sentBytes] : []),
      ]),
    );
  }
}
