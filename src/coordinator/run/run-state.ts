import type { Verdict } from '../../statistics/verdict.js';
import type { LatenessQuantiles } from '../../statistics/lateness-quantiles.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import type { NetworkResult } from '../../output/record/network-result.js';
import type { CommandResult } from '../../output/record/run-result.js';

/** What is known of a run while it goes on, and stays known however it ends. */
export interface RunState {
  instances: readonly InstanceActor[];
  /** Commands of the scenario, counted for each instance that they are for. */
  commandsTotal: number;
  /** The time from the start of the first instance until the last was ready; undefined when the instances never were. */
  startUpMs: number | undefined;
  /** The time from GO to the end of the last instance; undefined when the run never came to GO. */
  experimentMs: number | undefined;
  /** GO, on the experiment's clock. */
  startedMs: number | undefined;
  /** GO by the experiment's wall time, ISO 8601. */
  goAt: string | undefined;
  /** GO by the machine's clock, where the experiment's time is another. */
  machineGoAt: string | undefined;
  /** What the emulated network did; undefined on sockets of the system. */
  network: NetworkResult | undefined;
  verdict: Verdict | undefined;
  /** How late the commands of all instances began. */
  readonly lateness: LatenessQuantiles;
  readonly externalCommands: CommandResult[];
  /** The error that ended the run before its time; undefined for a run that went to its end, even with failures. */
  thrown: Error | undefined;
}
