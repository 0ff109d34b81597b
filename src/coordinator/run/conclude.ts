import { toError } from '../../runtime/errors.js';
import { runStageCommand } from '../commands/external-commands.js';
import { recordOrFail } from './record-or-fail.js';
import { resultOf } from './result-of-run.js';
import type { Run } from './run.js';
import type { RunResult } from '../../output/record/run-result.js';

/** Runs `post_process_cmd` when nothing cut the run short, and writes down how the run ended. Nothing else of the run is active any more. */
export async function conclude(run: Run): Promise<RunResult> {
  try {
    await postProcess(run);
  } catch (error) {
    run.state.thrown = toError(error);
    run.failures.addUnlessRecorded(run.state.thrown);
  }
  recordOrFail(run, () => run.record.finish(resultOf(run)));
  run.onProgress({ type: 'stage', stage: 'finished' });
  const result = resultOf(run);
  run.onProgress({ type: 'result', result });
  return result;
}

async function postProcess(run: Run): Promise<void> {
  if (run.state.thrown !== undefined) return;
  run.stop.throwIfAborted();
  run.onProgress({ type: 'stage', stage: 'post-processing' });
  const result = await runStageCommand(run, 'post_process_cmd', run.experiment.config.postProcess, 0);
  if (result !== undefined) run.state.externalCommands.push(result);
}
