import type { RunProgress } from '../../coordinator/run/run-progress.js';
import type { RunResult } from '../../coordinator/run/run-result.js';

/** Shows a run to a person while it goes on, and what came of it. */
export interface RunView {
  update(progress: RunProgress): void;
  finish(result: RunResult): void;
}

/** What the views write to: standard error, or a buffer in a test. */
export interface TextOutput {
  write(text: string): unknown;
}
