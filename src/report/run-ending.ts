import { processOf } from '../output/record/run-record-file.js';
import { type ProcessIdentity, stateOf } from '../runtime/process-identity.js';
import { lastWriteMs } from './read/last-write.js';
import type { RunRecord } from '../output/record/run-record.js';

/** What is known of how a run ended, by its own account or without one. */
export interface RunEnding {
  /**
   * The outcome that the record has. Where the record says *running*, the outcome is `running` when the process is
   * there, `died` when it is gone, and `unknown` when nobody can tell.
   */
  readonly outcome: string;
  /** A sentence about the end of a run that did not tell it; absent for any other run. */
  readonly ending?: string;
  /** When such a run last wrote a file, ISO 8601. */
  readonly lastWroteAt?: string;
}

export function runEndingOf(outputDir: string, record: RunRecord): RunEnding {
  if (record.outcome !== 'running') return { outcome: record.outcome };
  const process = processOf(record);
  const [outcome, what] = stateOfRun(process);
  const lastMs = lastWriteMs(outputDir);
  if (lastMs === undefined) return { outcome, ending: what };
  const lastWroteAt = new Date(lastMs).toISOString();
  return { outcome, ending: `${what}; it last wrote at ${lastWroteAt}${sinceGo(lastMs, record)}`, lastWroteAt };
}

function stateOfRun(process: ProcessIdentity | undefined): readonly [outcome: string, what: string] {
  if (process === undefined) return ['unknown', 'the run did not say how it ended: it still goes on, or it died'];
  switch (stateOf(process)) {
    case 'alive':
      return ['running', `the run still goes on, as process ${process.pid}: this is how far it has come`];
    case 'gone':
      return ['died', `the run died: its process ${process.pid} is gone, and did not say how it ended`];
    case 'unknown':
      return [
        'unknown',
        'the run did not say how it ended: it still goes on, or it died; ' +
          `its process ${process.pid} is on another machine, or in another container`,
      ];
  }
}

function sinceGo(lastMs: number, { goAt }: RunRecord): string {
  if (goAt === undefined) return ', before GO';
  const sinceGoS = (lastMs - Date.parse(goAt)) / 1000;
  return sinceGoS < 0 ? ', before GO' : `, ${sinceGoS.toFixed(1)} s after GO`;
}
