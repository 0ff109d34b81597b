import type { RunProgress } from '../../coordinator/run/run-progress.js';

/** Shows a run to a person while it goes on, and then how it ended. */
export interface RunView {
  update(progress: RunProgress): void;
}

/** What the views write to: standard error, or a buffer in a test. */
export interface TextOutput {
  write(text: string): unknown;
}
