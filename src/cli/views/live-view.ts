import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { RunProgress } from '../../coordinator/run/run-progress.js';
import type { RunResult } from '../../output/record/run-result.js';
import { describeFailure, describeReady, describeTick } from './describe-progress.js';
import type { RunView } from './run-view.js';
import { summaryLines } from './summary.js';

/** How many failures are shown as they happen; the rest is counted in the live line and stands in run.json. */
const FAILURES_SHOWN = 20;

/** The view for a terminal: one line that is rewritten, and above it what has happened. */
export class LiveView implements RunView {
  readonly #stream: NodeJS.WriteStream;
  readonly #line: ReturnType<typeof createLogUpdate>;
  readonly #color: boolean;
  #failures = 0;

  constructor(stream: NodeJS.WriteStream, color: boolean) {
    this.#stream = stream;
    this.#color = color;
    this.#line = createLogUpdate(stream);
  }

  update(progress: RunProgress): void {
    switch (progress.type) {
      case 'stage':
        if (progress.stage === 'finished') this.#line.clear();
        else if (progress.stage === 'running') this.#keep(this.#paint('green', 'GO'));
        else this.#line(`${progress.stage} …`);
        return;
      case 'note':
        this.#keep(progress.message);
        return;
      case 'ready':
        this.#line(describeReady(progress.ready, progress.total));
        return;
      case 'failure':
        if (++this.#failures <= FAILURES_SHOWN)
          this.#keep(this.#paint('red', `✖ ${describeFailure(progress.failure)}`));
        return;
      case 'result':
        this.#finish(progress.result);
        return;
      case 'tick':
        this.#line(describeTick(progress));
        return;
    }
  }

  #finish(result: RunResult): void {
    this.#line.clear();
    this.#line.done();
    const color = result.exitCode === 0 ? 'green' : 'red';
    const [first = '', ...rest] = summaryLines(result);
    this.#stream.write(`${[this.#paint(color, first), ...rest].join('\n')}\n`);
  }

  #paint(color: 'green' | 'red', text: string): string {
    return this.#color ? styleText(color, text) : text;
  }

  #keep(text: string): void {
    this.#line.clear();
    this.#stream.write(`${text}\n`);
  }
}
