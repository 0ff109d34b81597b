export const TIMELINE_CHANGES = ['network', 'lives'] as const;

export type TimelineChange = (typeof TIMELINE_CHANGES)[number];

/** A line of `timeline.jsonl`: what the scenario is going to do at one moment. */
export interface TimelineEntry {
  /** Seconds since GO; 0 for `@!`, which comes before everything else. An earlier version wrote null for it, which is read as 0. */
  readonly timeS: number;
  /** The command with its arguments, as in the scenario. */
  readonly text: string;
  /** The instances that the command is for, in words. */
  readonly instances: string;
  readonly instanceCount: number;
  /** `FILE:LINE`. */
  readonly place: string;
  /** What it changes, where that is nothing that an instance does: the network, or who lives. */
  readonly changes?: TimelineChange;
}
