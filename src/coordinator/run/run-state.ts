import type { Verdict } from '../../statistics/verdict.js';
import type { LatenessQuantiles } from '../../statistics/lateness-quantiles.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import type { CommandResult } from '../../output/record/run-result.js';

/** What is known of a run while it goes on, and stays known however it ends. */
export interface RunState {
  instances: readonly InstanceActor[];
  /** Commands of the scenario, counted for each instance that they are for. */
  commandsTotal: number;
  /** From the start of the first instance until the last was ready; absent when that never came. */
  startUpMs: number | undefined;
  /** From GO to the end of the last instance; absent when it never came to that. */
  experimentMs: number | undefined;
  /** GO, on the experiment's clock. */
  startedMs: number | undefined;
  /** GO by the experiment's wall time, ISO 8601. */
  goAt: string | undefined;
  verdict: Verdict | undefined;
  /** How late the commands of all instances began. */
  readonly lateness: LatenessQuantiles;
  readonly externalCommands: CommandResult[];
  /** What ended the run before its time; absent of a run that went to its end, even with failures. */
  thrown: Error | undefined;
}
