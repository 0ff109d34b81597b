import { float, GumbyError, integer, type TypedParameter } from 'gumby';
import { EdgeWalk } from './edge_walk.js';
import { RandomChurn } from './random_churn.js';
import { RandomWalk } from './random_walk.js';
import type { WalkingContext, WalkingStrategy } from './walking_strategy.js';

export const WALKING_STRATEGIES = ['RandomWalk', 'EdgeWalk', 'RandomChurn'] as const;

export type WalkingStrategyName = (typeof WALKING_STRATEGIES)[number];

/** A kind of strategy. Its options are IPv8's keyword arguments with IPv8's defaults; times are in seconds. */
interface StrategyKind {
  readonly options: readonly TypedParameter<number>[];
  /** @param values - the values of the options, in their order */
  readonly make: (context: WalkingContext, values: readonly number[]) => WalkingStrategy;
}

const KINDS: Readonly<Record<WalkingStrategyName, StrategyKind>> = {
  RandomWalk: {
    options: [
      float('timeout', { min: 0.1, default: 3 }),
      integer('window_size', { min: 0, default: 5 }),
      integer('reset_chance', { min: 0, max: 256, default: 50 }),
      float('target_interval', { min: 0, default: 0 }),
    ],
    make: (context, [timeoutS = 0, windowSize = 0, resetChance = 0, targetIntervalS = 0]) =>
      new RandomWalk(context, {
        timeoutMs: 1000 * timeoutS,
        windowSize,
        resetChance,
        targetIntervalMs: 1000 * targetIntervalS,
      }),
  },
  EdgeWalk: {
    options: [
      integer('edge_length', { min: 1, default: 4 }),
      integer('neighborhood_size', { min: 1, default: 6 }),
      float('edge_timeout', { min: 0.1, default: 3 }),
    ],
    make: (context, [edgeLength = 0, neighborhoodSize = 0, edgeTimeoutS = 0]) =>
      new EdgeWalk(context, { edgeLength, neighborhoodSize, edgeTimeoutMs: 1000 * edgeTimeoutS }),
  },
  RandomChurn: {
    options: [
      integer('sample_size', { min: 1, default: 8 }),
      float('ping_interval', { min: 0, default: 10 }),
      float('inactive_time', { min: 0, default: 27.5 }),
      float('drop_time', { min: 0, default: 57.5 }),
    ],
    make: (context, [sampleSize = 0, pingIntervalS = 0, inactiveS = 0, dropS = 0]) =>
      new RandomChurn(context, {
        sampleSize,
        pingIntervalMs: 1000 * pingIntervalS,
        inactiveMs: 1000 * inactiveS,
        dropMs: 1000 * dropS,
      }),
  },
};

/** The options of all strategies, one after the other. */
export const WALKING_OPTIONS: readonly TypedParameter<number>[] = WALKING_STRATEGIES.flatMap(
  (name) => KINDS[name].options,
);

/**
 * Makes a strategy. @param values - the values of `WALKING_OPTIONS`, in that order
 * @throws GumbyError PARAMETER_INVALID for a value that only another strategy understands
 */
export function makeWalkingStrategy(
  context: WalkingContext,
  name: WalkingStrategyName,
  values: readonly number[],
): WalkingStrategy {
  const { options, make } = KINDS[name];
  const foreign = WALKING_OPTIONS.find(
    (option, index) => !options.includes(option) && values[index] !== option.default,
  );
  if (foreign !== undefined)
    throw new GumbyError(
      'PARAMETER_INVALID',
      `${name} has no option ${foreign.name} (it has: ${options.map((option) => option.name).join(', ')})`,
    );
  return make(
    context,
    values.filter((_value, index) => options.includes(WALKING_OPTIONS[index] as TypedParameter<number>)),
  );
}
