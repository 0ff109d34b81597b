import { choice, type Experiment, float, GumbyError, LOG_KEYS, seededRandom, type Timer } from 'gumby';

export type ChurnType = 'expon' | 'fixed';

/** The parameters of the command `churn`. */
export const CHURN_PARAMETERS = [
  choice('churn_type', ['expon', 'fixed']),
  float('desired_mean', { min: 0, default: 300 }),
  float('min_online', { min: 0.1, default: 5 }),
] as const;

/** Takes an instance offline and online again: its socket really closes. All modules of an instance share one object of this class. */
export class Churn {
  static readonly #byExperiment = new WeakMap<Experiment, Churn>();
  readonly #experiment: Experiment;
  readonly #log: (key: string, value: boolean) => void;
  #timer: Timer | undefined;
  #isOnline = true;
  /** The last of the openings and closings, which follow one after the other. */
  #switching: Promise<void> = Promise.resolve();
  /** The port at which others know us, so that we come back there. */
  #port = 0;

  private constructor(experiment: Experiment) {
    this.#experiment = experiment;
    this.#log = experiment.statisticsLog.reserve('Churn', [LOG_KEYS.online]);
  }

  static of(experiment: Experiment): Churn {
    const known = Churn.#byExperiment.get(experiment);
    if (known !== undefined) return known;
    const churn = new Churn(experiment);
    Churn.#byExperiment.set(experiment, churn);
    return churn;
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  online(): Promise<void> {
    return this.#switch(true);
  }

  offline(): Promise<void> {
    return this.#switch(false);
  }

  /** Lets the instance be online and offline in turn from now on. */
  alternate(type: ChurnType, meanS: number, minS: number): void {
    this.stop();
    const random = this.#experiment.random.derive('churn');
    const nextMs = () => 1000 * Math.max(minS, type === 'expon' ? random.exponential(meanS) : meanS);
    const step = () => {
      this.#switchOrReport(!this.#isOnline);
      this.#timer = this.#experiment.clock.schedule(nextMs(), step);
    };
    this.#timer = this.#experiment.clock.schedule(nextMs(), step);
  }

  /** Lets the k-th percentage of all instances be online in the k-th interval; after the last interval the share stays the same. */
  follow(percentages: readonly number[], intervalS: number): void {
    this.stop();
    const { seed, peers, myId } = this.#experiment;
    // Every instance computes the same order in which instances go online, so that as few as possible switch.
    const rank = seededRandom(seed, 'churn-pattern').shuffle(peers).indexOf(myId);
    const step = (index: number) => {
      const percentage = percentages[index];
      if (percentage === undefined) return;
      this.#switchOrReport(rank < Math.round((percentage / 100) * peers.length));
      this.#timer = this.#experiment.clock.schedule(1000 * intervalS, () => step(index + 1));
    };
    step(0);
  }

  /** Ends all switching: the instance stays online or offline as it is now. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #switchOrReport(isOnline: boolean): void {
    this.#switch(isOnline).catch((error: unknown) => this.#experiment.fault('going online or offline', error));
  }

  #switch(isOnline: boolean): Promise<void> {
    if (isOnline !== this.#isOnline) {
      this.#isOnline = isOnline;
      this.#switching = this.#switching.catch(() => undefined).then(() => this.#apply(isOnline));
    }
    return this.#switching;
  }

  async #apply(isOnline: boolean): Promise<void> {
    const { endpoint } = this.#experiment;
    if (isOnline) await endpoint.open({ preferredPort: this.#port });
    else {
      this.#port = endpoint.address?.port ?? this.#port;
      await endpoint.close();
    }
    this.#log(LOG_KEYS.online, isOnline);
  }
}

/** `100,75,50` as numbers from 0 to 100. */
export function parsePercentages(text: string): readonly number[] {
  const percentages = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const wrong = percentages.findIndex((percentage) => !(percentage >= 0 && percentage <= 100));
  if (wrong < 0) return percentages;
  throw new GumbyError(
    'PARAMETER_INVALID',
    `"${text.split(',')[wrong] ?? ''}" in "${text}" is no percentage: give numbers from 0 to 100, separated by commas`,
  );
}
