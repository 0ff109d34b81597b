import { type CommandColumn, COMMAND_NETWORK_TABLE, COMMAND_TABLE } from '../output/tables/command-table.js';
import { CsvFile } from '../output/tables/csv-file.js';
import type { ColumnOf, CsvRecord } from '../output/tables/csv-table.js';
import { type Clock, every, type Timer } from '../runtime/clock.js';
import { type GroupUsage, groupUsages, networkUsage } from './proc.js';

export interface CommandMonitorInit {
  readonly directory: string;
  readonly intervalMs: number;
  /** Whether the machine's network counters are written as well. */
  readonly network: boolean;
}

export interface CommandMonitorComponents {
  readonly clock: Clock;
  /** Is told when the table cannot be written; nothing more is written then. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Measures the process trees of external commands, once an interval, and writes the values to `commands.csv`. A command
 * is named by the stem of its output's files, e.g. `00011`. Where the system has no `/proc` there is no table.
 */
export class CommandMonitor {
  readonly #init: CommandMonitorInit;
  readonly #components: CommandMonitorComponents;
  readonly #watched = new Map<number, string>();
  #file: CsvFile<CommandColumn> | undefined;
  #networkFile: CsvFile<ColumnOf<typeof COMMAND_NETWORK_TABLE>> | undefined;
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
    const rows = [...usages].map(([group, usage]) => this.#rowOf(wallS, group, usage));
    if (!network) {
      this.#file ??= new CsvFile(directory, COMMAND_TABLE);
      this.#file.append(rows);
      return;
    }
    const machine = networkUsage();
    this.#networkFile ??= new CsvFile(directory, COMMAND_NETWORK_TABLE);
    this.#networkFile.append(
      rows.map((row) => ({
        ...row,
        machine_received_bytes: machine?.receivedBytes,
        machine_sent_bytes: machine?.sentBytes,
      })),
    );
  }

  #rowOf(time: number, group: number, usage: GroupUsage): CsvRecord<CommandColumn> {
    return {
      time,
      command: this.#watched.get(group),
      processes: usage.processes,
      user_s: usage.userS,
      system_s: usage.systemS,
      rss_bytes: usage.rssBytes,
      read_bytes: usage.readBytes,
      write_bytes: usage.writeBytes,
    };
  }
}
