import type { RunProgress } from '../../coordinator/run/run-progress.js';
import type { RunView, TextOutput } from './run-view.js';
import { summaryLines } from './summary.js';

/** Says nothing of a run that goes well, and how it ended of a run that does not. */
export class QuietView implements RunView {
  readonly #output: TextOutput;

  constructor(output: TextOutput) {
    this.#output = output;
  }

  update(progress: RunProgress): void {
    if (progress.type === 'result' && progress.result.exitCode !== 0)
      this.#output.write(`${summaryLines(progress.result).join('\n')}\n`);
  }
}
