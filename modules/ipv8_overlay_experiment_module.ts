import { choice, type Community, experimentCallback, integer, text } from 'gumby';
import { CommunityExperimentModule } from './community_experiment_module.js';
import {
  makeWalkingStrategy,
  WALKING_OPTIONS,
  WALKING_STRATEGIES,
  type WalkingStrategyName,
} from './walking_strategies.js';
import { StrategyRunner } from './walking_strategy.js';

/** The base of modules that test one overlay of IPv8. */
export abstract class IPv8OverlayExperimentModule<
  C extends Community = Community,
> extends CommunityExperimentModule<C> {
  readonly #strategies: StrategyRunner[] = [];

  /**
   * The overlay under test.
   * @throws GumbyError SESSION_STATE while it is not loaded
   */
  get overlay(): C {
    return this.community;
  }

  override onStop(): void {
    for (const strategy of this.#strategies) strategy.stop();
  }

  /**
   * Walks to the other instances: asks each at once.
   * @param maxPeers - how many, chosen by chance; 0 for all
   * @param excludedPeers - whom not, e.g. `1,5`; an instance named here asks nobody
   */
  @experimentCallback({
    parameters: [integer('max_peers', { min: 0, default: 0 }), text('excluded_peers', { default: '' })],
  })
  override introducePeers(maxPeers: number, excludedPeers: string): void {
    for (const peer of this.choosePeers(maxPeers, excludedPeers))
      this.overlay.createIntroductionRequest(this.candidateOf(peer));
  }

  /**
   * Lets the overlay look for peers, a step every half second, as IPv8's discovery strategies do.
   * @param name - `RandomWalk`: follows introductions at random; `EdgeWalk`: in straight lines; `RandomChurn`: drops silent peers
   * @param maxPeers - no step is taken with this many peers; -1: one is always taken
   * @param options - IPv8's keyword arguments of the strategy; times in seconds
   */
  @experimentCallback({
    parameters: [
      choice('name', WALKING_STRATEGIES),
      integer('max_peers', { min: -1, default: 20 }),
      ...WALKING_OPTIONS,
    ],
  })
  addWalkingStrategy(name: WalkingStrategyName, maxPeers: number, ...options: number[]): void {
    const { overlay: community, experiment } = this;
    const random = experiment.random.derive('walking-strategy', name, this.#strategies.length);
    const context = { community, experiment, random };
    this.#strategies.push(new StrategyRunner(context, makeWalkingStrategy(context, name, options), maxPeers));
  }
}
