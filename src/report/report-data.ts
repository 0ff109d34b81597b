import type { TimelineEntry } from '../output/timeline-file.js';
import type { Quantiles } from '../statistics/quantiles.js';
import type { BrokenLimit, Validity, Verdict } from '../statistics/verdict.js';

export type { BrokenLimit, TimelineEntry, Validity, Verdict };

/**
 * What a run comes to, as everything that shows it takes it: the graphs, the page, `summary.json`, comparisons. Time is in
 * seconds since GO throughout, the same for all instances; a negative one was before.
 */
export interface ReportData {
  readonly run: RunFacts;
  /** What the scenario marked with `annotate`. */
  readonly annotations: readonly Annotation[];
  /** Every line of the scenario, in order of time. */
  readonly events: readonly TimelineEntry[];
  /** What instances told with `statistics.event`, in order of time. */
  readonly instanceEvents: readonly StatisticsEvent[];
  readonly series: readonly TimeSeries[];
  readonly distributions: readonly ValueDistribution[];
  /** Who knew whom at the end. */
  readonly overlays: readonly OverlayGraph[];
  readonly instances: readonly InstanceRow[];
  /** What a reader has to know of the data itself: damaged lines, what was not measured, graphs without data. */
  readonly notes: readonly string[];
}

export interface RunFacts {
  readonly experimentName: string;
  /** `succeeded`, `failed`, `time-limit`, `interrupted`; of a run that did not tell its end `running`, `died`, or `unknown` when nobody can tell. */
  readonly outcome: string;
  /** What is known of a run that did not tell its end; absent of one that did. */
  readonly ending?: string;
  /** When such a run last wrote a file, ISO 8601. */
  readonly lastWroteAt?: string;
  readonly seed: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Absent of a run that did not tell its end, like everything else that only the end shows. */
  readonly durationS?: number;
  /** From the first thread's start until all were ready. */
  readonly startUpS?: number;
  /** Where they were; not necessarily on this machine. */
  readonly confFile?: string;
  readonly scenarioFile?: string;
  /** Of scenario events. */
  readonly latenessMs?: Quantiles;
  /** From GO to the end of the last instance; absent when it never came to that. */
  readonly experimentS?: number;
  readonly versions: Readonly<Record<string, string>>;
  /** Cores, processor, memory, operating system; empty when the run did not say. */
  readonly machine: Readonly<Record<string, string>>;
  /** The options in effect, in upper case. */
  readonly options: Readonly<Record<string, string>>;
  readonly commands?: { readonly total: number; readonly done: number; readonly failed: number };
  readonly failureCount?: number;
  readonly failures: readonly { readonly message: string; readonly instance?: number; readonly timeS?: number }[];
  /** Absent when nothing was measured. */
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
  /** As JSON; empty when there is none. */
  readonly detail: string;
}

/** Something that changes over time, for each instance or for each kind of something. */
export interface TimeSeries {
  /** Lower case with dashes; the stem of its files. */
  readonly name: string;
  readonly title: string;
  /** As it stands at an axis, e.g. `kB/s`; empty for plain numbers. */
  readonly unit: string;
  /** The heading that it stands under, e.g. `Connections`. */
  readonly group: string;
  /** What it is, in a sentence; empty when there is nothing to say. */
  readonly description: string;
  /** Equal steps, ascending. Each value is of the step that begins at its time: that of 3 s is of the time from 3 s until the next one. */
  readonly timesS: ArrayLike<number>;
  readonly lines: readonly Line[];
}

export interface Line {
  /** The instance's number, or what the values are of, e.g. a message's name. */
  readonly name: string;
  /** Absent for lines that are not of one instance. */
  readonly instance?: number;
  /** The peer type that the experiment gave the instance. */
  readonly type?: string;
  /** One for each time; NaN where there is none. */
  readonly values: ArrayLike<number>;
  /** Of rates: what was counted in all since GO, in the unit of the rates without its `/s`. */
  readonly total?: number;
}

/** Values of which only the distribution matters. */
export interface ValueDistribution {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly group: string;
  /** @default nothing to say */
  readonly description?: string;
  readonly values: ArrayLike<number>;
  /** How many each value stands for. @default 1 each */
  readonly counts?: ArrayLike<number>;
}

/** A directed graph: `[1, 2]` says that instance 1 knew instance 2. */
export interface OverlayGraph {
  /** Begins with `overlay-`; the stem of its files. */
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
  /** How it ended; absent, like the counts, when the run did not tell. */
  readonly state?: string;
  readonly port?: number;
  /** The thread that it shared with others, whose processor time and memory are in the `thread-…` series. */
  readonly thread?: number;
  readonly failures?: number;
  readonly commandsDone?: number;
  readonly commandsFailed?: number;
  /** By heading, with its unit, e.g. `CPU (s)`; a missing one was not measured. */
  readonly values: Readonly<Record<string, number>>;
  /** Files of it by name, relative to the output directory. */
  readonly files: readonly string[];
}
