import type { Authentication, Destination, Distribution, Resolution } from './policies.js';

/** The policies of a message that exists or is to be defined. */
export interface Policies {
  readonly authentication: Authentication;
  readonly resolution: Resolution;
  readonly distribution: Distribution;
  readonly destination: Destination;
}

/** The problem of these policies: a value out of range, or two policies that do not go together; undefined if there is none. */
export function findPolicyProblem(policies: Policies): string | undefined {
  return (
    distributionProblem(policies.distribution) ??
    destinationProblem(policies.destination) ??
    resolutionProblem(policies.resolution) ??
    combinationProblem(policies)
  );
}

function distributionProblem(distribution: Distribution): string | undefined {
  if (distribution.kind === 'direct') return undefined;
  const { priority, pruning } = distribution;
  if (!isIntegerWithin(priority, 0, 255)) return `its priority must be an integer from 0 to 255, not ${priority}`;
  if (distribution.kind === 'lastSync' && !isIntegerWithin(distribution.historySize, 1, 2 ** 31))
    return `its history size must be an integer from 1, not ${distribution.historySize}`;
  if (pruning === undefined) return undefined;
  const { inactiveAfter, removedAfter } = pruning;
  if (isIntegerWithin(inactiveAfter, 1, 2 ** 53) && isIntegerWithin(removedAfter, inactiveAfter, 2 ** 53))
    return undefined;
  return (
    'its pruning must become inactive after an integer from 1 and be removed no earlier, ' +
    `not after ${inactiveAfter} and ${removedAfter}`
  );
}

function destinationProblem(destination: Destination): string | undefined {
  if (destination.kind === 'candidate') return undefined;
  if (!isIntegerWithin(destination.nodeCount, 0, 2 ** 31))
    return `its node count must be an integer from 0, not ${destination.nodeCount}`;
  if (destination.kind === 'nHop' && !isIntegerWithin(destination.depth, 1, 127))
    return `its depth must be an integer from 1 to 127, not ${destination.depth}`;
  return undefined;
}

function resolutionProblem(resolution: Resolution): string | undefined {
  if (resolution.kind !== 'dynamic' || isIntegerWithin(resolution.policies.length, 1, 256)) return undefined;
  return `its dynamic resolution must have 1 to 256 policies, not ${resolution.policies.length}`;
}

function combinationProblem(policies: Policies): string | undefined {
  const { authentication, resolution, distribution, destination } = policies;
  if (authentication.kind === 'none' && resolution.kind !== 'public')
    return (
      `no authentication cannot go with ${resolution.kind} resolution, which asks what its member may do; ` +
      'allowed with no authentication is public resolution'
    );
  if (authentication.kind === 'none' && distribution.kind !== 'direct')
    return (
      `no authentication cannot go with ${DISTRIBUTION_NAMES[distribution.kind]}, which keeps messages by their member; ` +
      'allowed with no authentication is direct distribution'
    );
  if (authentication.kind === 'doubleMember' && distribution.kind === 'fullSync' && distribution.sequenceNumbers)
    return (
      'double member authentication cannot go with sequence numbers, which count the messages of one member; ' +
      'allowed with double member authentication are direct, last-sync, and full-sync distribution without them'
    );
  if (distribution.kind === 'fullSync' && distribution.sequenceNumbers && distribution.pruning !== undefined)
    return (
      'sequence numbers cannot go with pruning: who misses the first messages could accept none of the later ones; ' +
      'allowed with sequence numbers is full-sync distribution without pruning'
    );
  if (distribution.kind !== 'direct' && destination.kind === 'candidate')
    return (
      `${DISTRIBUTION_NAMES[distribution.kind]} cannot go with candidate destination, as sync brings it to everyone; ` +
      `allowed with ${DISTRIBUTION_NAMES[distribution.kind]} are community and n-hop community destination`
    );
  if (distribution.kind === 'direct' && !distribution.hasGlobalTime && resolution.kind !== 'public')
    return (
      `direct distribution without a global time cannot go with ${resolution.kind} resolution, which asks what was ` +
      'permitted at that time; allowed without a global time is public resolution'
    );
  return undefined;
}

const DISTRIBUTION_NAMES = { fullSync: 'full-sync distribution', lastSync: 'last-sync distribution' } as const;

function isIntegerWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
