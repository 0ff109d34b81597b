import { type Experiment, experimentCallback, ExperimentModule, float, staticModule, text } from 'gumby';
import { Churn, CHURN_PARAMETERS, type ChurnType, parsePercentages } from './churn.js';

/** Lets instances come and go: offline means that the socket is closed, and packets for it are lost. */
@staticModule
export class ChurnModule extends ExperimentModule {
  readonly #churn: Churn;

  constructor(experiment: Experiment) {
    super(experiment);
    this.#churn = Churn.of(experiment);
  }

  override onStop(): void {
    this.#churn.stop();
  }

  /** Opens the socket again, at the port that it had if that is free. */
  @experimentCallback
  async online(): Promise<void> {
    await this.#churn.online();
  }

  /** Closes the socket. */
  @experimentCallback
  async offline(): Promise<void> {
    await this.#churn.offline();
  }

  /**
   * Goes offline and online again and again, each time for a while.
   * @param churnType - `expon`: exponentially distributed periods; `fixed`: equal ones
   * @param desiredMean - seconds a period lasts in the mean
   * @param minOnline - seconds a period lasts at least
   */
  @experimentCallback({ parameters: CHURN_PARAMETERS })
  churn(churnType: ChurnType, desiredMean: number, minOnline: number): void {
    this.#churn.alternate(churnType, desiredMean, minOnline);
  }

  /**
   * Keeps a share of all instances online, which changes from interval to interval.
   * @param percentages - of the instances that are online in each interval, e.g. `100,75,50`; the last one stays
   * @param intervalS - seconds of an interval
   */
  @experimentCallback({ parameters: [text('percentages'), float('interval', { min: 0.1, default: 60 })] })
  churnPattern(percentages: string, intervalS: number): void {
    this.#churn.follow(parsePercentages(percentages), intervalS);
  }

  /** Ends `churn` and `churn_pattern`, and leaves the instance online. */
  @experimentCallback
  async stopChurn(): Promise<void> {
    this.#churn.stop();
    await this.#churn.online();
  }
}
