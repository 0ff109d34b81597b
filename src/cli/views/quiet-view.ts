import type { RunProgress } from '../../coordinator/run/run-progress.js';
import type { RunResult } from '../../coordinator/run/run-result.js';
import type { RunView, TextOutput } from './run-view.js';
import { summaryLines } from './summary.js';

/** Says nothing of a run that goes well, and what came of one that did not. */
export class QuietView implements RunView {
  readonly #output: TextOutput;

  constructor(output: TextOutput) {
    this.#output = output;
  }

  update(_progress: RunProgress): void {}

  finish(result: RunResult): void {
    if (result.exitCode !== 0) this.#output.write(`${summaryLines(result).join('\n')}\n`);
  }
}
