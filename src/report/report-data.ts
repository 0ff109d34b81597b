import type { TimelineEntry } from '../output/timeline-entry.js';
import type { NetworkResult } from '../output/record/network-result.js';
import type { Quantiles } from '../statistics/quantiles.js';
import type { BrokenLimit, Validity, Verdict } from '../statistics/verdict.js';

export type { BrokenLimit, TimelineEntry, Validity, Verdict };

/**
 * The data of a report, from which everything is made that shows the run: the graphs, the page, `summary.json`,
 * comparisons. Times are in seconds since GO throughout, the same for all instances; a negative time is before GO.
 */
export interface ReportData {
  readonly run: RunFacts;
  /** The moments that the scenario marked with `annotate`. */
  readonly annotations: readonly Annotation[];
  /** Every line of the scenario, in order of time. */
  readonly events: readonly TimelineEntry[];
  /** The events that instances noted with `statistics.event`, in order of time. */
  readonly instanceEvents: readonly StatisticsEvent[];
  readonly series: readonly TimeSeries[];
  readonly distributions: readonly ValueDistribution[];
  /** The graphs of who knew whom at the end. */
  readonly overlays: readonly OverlayGraph[];
  readonly instances: readonly InstanceRow[];
  /** Notes on the data itself: damaged lines, values that were not measured, graphs without data. */
  readonly notes: readonly string[];
}

export interface RunFacts {
  readonly experimentName: string;
  /**
   * `succeeded`, `failed`, `time-limit`, `interrupted`; for a run that did not tell its end `running`, `died`, or
   * `unknown` when nobody can tell.
   */
  readonly outcome: string;
  /** A sentence about the end of a run that did not tell it; absent for any other run. */
  readonly ending?: string;
  /** When such a run last wrote a file, ISO 8601. */
  readonly lastWroteAt?: string;
  readonly seed: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** How long the run took; absent, like everything else that only the end shows, for a run that did not tell its end. */
  readonly durationS?: number;
  /** The time from the first thread's start until all instances were ready. */
  readonly startUpS?: number;
  /** The path of the configuration; it need not be on this machine. */
  readonly confFile?: string;
  readonly scenarioFile?: string;
  /** How late the commands of scenario events began. */
  readonly latenessMs?: Quantiles;
  /** The time from GO to the end of the last instance; absent when the run never came to GO. */
  readonly experimentS?: number;
  readonly versions: Readonly<Record<string, string>>;
  /** Cores, processor, memory, operating system; empty when the run did not say. */
  readonly machine: Readonly<Record<string, string>>;
  /** The options in effect, in upper case. */
  readonly options: Readonly<Record<string, string>>;
  readonly commands?: { readonly total: number; readonly done: number; readonly failed: number };
  readonly failureCount?: number;
  readonly failures: readonly { readonly message: string; readonly instance?: number; readonly timeS?: number }[];
  /** What the emulated network did; absent on sockets of the system. */
  readonly network?: NetworkResult;
  /** The verdict; absent when nothing was measured. */
  readonly verdict?: Verdict;
}

export interface Annotation {
  readonly timeS: number;
  readonly text: string;
}

export interface StatisticsEvent {
  readonly timeS: number;
  readonly instance: number;
  readonly name: string;
  /** The detail of the event as JSON; empty when there is none. */
  readonly detail: string;
}

/** Values that change over time: a line for each instance, or for each kind of something. */
export interface TimeSeries {
  /** The name in lower case with dashes; the stem of the series' files. */
  readonly name: string;
  readonly title: string;
  /** The unit as it stands at an axis, e.g. `kB/s`; empty for plain numbers. */
  readonly unit: string;
  /** The heading that the graph stands under, e.g. `Connections`. */
  readonly group: string;
  /** A sentence about the series; empty when there is nothing to say. */
  readonly description: string;
  /**
   * The times of the values, in equal steps, ascending. A value belongs to the step that begins at its time: the value
   * at 3 s is that of the time from 3 s until the next step.
   */
  readonly timesS: ArrayLike<number>;
  readonly lines: readonly Line[];
}

export interface Line {
  /** The instance's number, or the name of what was measured, e.g. a message. */
  readonly name: string;
  /** The instance; absent for lines that do not belong to one instance. */
  readonly instance?: number;
  /** The peer type that the experiment gave the instance. */
  readonly type?: string;
  /** One value for each time; NaN where there is none. */
  readonly values: ArrayLike<number>;
  /** For rates, the number that was counted in all since GO, in the unit of the rates without its `/s`. */
  readonly total?: number;
}

/** Values of which only the distribution matters. */
export interface ValueDistribution {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly group: string;
  /** A sentence about the values. @default none */
  readonly description?: string;
  readonly values: ArrayLike<number>;
  /** How many each value stands for. @default 1 each */
  readonly counts?: ArrayLike<number>;
}

/** A directed graph: `[1, 2]` says that instance 1 knew instance 2. */
export interface OverlayGraph {
  /** The name, which begins with `overlay-`; the stem of the graph's files. */
  readonly name: string;
  /** The community's class name. */
  readonly community: string;
  readonly nodes: readonly { readonly id: number; readonly type?: string }[];
  readonly edges: readonly (readonly [number, number])[];
}

/** A row of the page's table. */
export interface InstanceRow {
  readonly id: number;
  readonly type?: string;
  /** How the instance ended; absent, like the counts, when the run did not tell. */
  readonly state?: string;
  readonly port?: number;
  /** The thread that the instance shared with others; the thread's processor time and memory are in the `thread-…` series. */
  readonly thread?: number;
  readonly failures?: number;
  readonly commandsDone?: number;
  readonly commandsFailed?: number;
  /** The values by heading, with the unit, e.g. `CPU (s)`; a missing value was not measured. */
  readonly values: Readonly<Record<string, number>>;
  /** The instance's files by name, relative to the output directory. */
  readonly files: readonly string[];
}
