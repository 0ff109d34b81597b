import type { Startable } from '../../runtime/startable.js';
import type { PreparedOutput } from '../files/output-directory.js';
import type { RunRecordWriter } from '../../output/record/run-record-writer.js';
import type { RunContext } from './run-context.js';
import type { RunState } from './run-state.js';

/** A run, from the moment on at which its output directory belongs to it. */
export interface Run extends RunContext {
  readonly state: RunState;
  readonly record: RunRecordWriter;
  readonly output: PreparedOutput;
  /** When the run began: on the machine's clock, and for people in ISO 8601. */
  readonly began: { readonly atMs: number; readonly wallTime: string };
  /** The parts that have been started, in this order; they are stopped in reverse order, whatever happens. */
  readonly parts: Pick<Startable, 'stop'>[];
  /** Aborted when the instances are to end, or have ended: everything that runs beside them is over then. */
  readonly over: AbortController;
}
