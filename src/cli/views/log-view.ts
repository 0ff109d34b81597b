import type { RunProgress, RunTick } from '../../coordinator/run/run-progress.js';
import type { RunResult } from '../../output/record/run-result.js';
import { describeFailure, describeReady, describeTick } from './describe-progress.js';
import type { RunView, TextOutput } from './run-view.js';
import { summaryLines } from './summary.js';

/** How often a line tells the run's state; more of them would drown the failures. */
const TICK_LINES_EVERY_S = 10;

/** How many failures are logged as they happen; the rest is counted and stands in run.json. */
const FAILURES_LOGGED = 100;

/** The view for a log file or a CI: plain lines, each with something new. */
export class LogView implements RunView {
  readonly #output: TextOutput;
  #nextTickS = 0;
  #failures = 0;
  #readyTenths = 0;

  constructor(output: TextOutput) {
    this.#output = output;
  }

  update(progress: RunProgress): void {
    switch (progress.type) {
      case 'stage':
        if (progress.stage !== 'finished') this.#print(progress.stage === 'running' ? 'GO' : progress.stage);
        return;
      case 'note':
        this.#print(progress.message);
        return;
      case 'ready':
        this.#printReady(progress.ready, progress.total);
        return;
      case 'failure':
        if (++this.#failures <= FAILURES_LOGGED) this.#print(`FAILED ${describeFailure(progress.failure)}`);
        return;
      case 'result':
        this.#finish(progress.result);
        return;
      case 'tick':
        this.#printTick(progress);
        return;
    }
  }

  #finish(result: RunResult): void {
    for (const line of summaryLines(result)) this.#print(line);
  }

  #printReady(ready: number, total: number): void {
    const tenths = Math.floor((10 * ready) / total);
    if (tenths > this.#readyTenths) this.#print(describeReady(ready, total));
    this.#readyTenths = tenths;
  }

  #printTick(tick: RunTick): void {
    if (tick.timeS < this.#nextTickS) return;
    this.#print(describeTick(tick));
    this.#nextTickS = tick.timeS + TICK_LINES_EVERY_S;
  }

  #print(line: string): void {
    this.#output.write(`${line}\n`);
  }
}
