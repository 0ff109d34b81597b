import { utf8 } from '../dispersy/codec/fields.js';
import { struct } from '../dispersy/codec/struct.js';
import { Community } from '../dispersy/community/community.js';
import { type CommunityClass, Dispersy } from '../dispersy/dispersy.js';
import { IPv8Community } from '../dispersy/ipv8-community.js';
import { DefaultConversion } from '../dispersy/message/default-conversion.js';
import { MetaMessage } from '../dispersy/message/meta-message.js';
import {
  candidateDestination,
  communityDestination,
  directDistribution,
  fullSyncDistribution,
  memberAuthentication,
  publicResolution,
} from '../dispersy/message/policies.js';
import type { Address } from '../network/address.js';
import { Fabric } from '../network/fabric.js';
import { MemoryEndpoint } from '../network/memory-endpoint.js';
import type { Clock } from '../runtime/clock.js';
import { createLogger } from '../runtime/logger.js';
import { ManualClock } from '../runtime/manual-clock.js';
import type { Random } from '../runtime/random.js';

/** One of three can introduce the two others to each other. */
const PEERS = 3;
/** Long enough to walk, to be introduced, and to ask for what is missing. */
const PHASE_MS = 15_000;
const STEP_MS = 500;

const POLICIES = {
  authentication: memberAuthentication(),
  resolution: publicResolution(),
  payload: struct({ text: utf8 }),
} as const;

class RehearsedCommunity extends Community {
  /** How many messages of others were handled. */
  heard = 0;
  readonly note = new MetaMessage({
    ...POLICIES,
    handle: ({ member }) => {
      if (member !== this.myMember) this.heard++;
    },
    id: 1,
    name: 'note',
    distribution: fullSyncDistribution(),
    destination: communityDestination(PEERS),
  });

  talk(): void {
    this.create(this.note, { text: 'all' });
  }

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.note];
  }
}

class RehearsedOverlay extends IPv8Community {
  static override readonly communityId = Buffer.from('rehearsal'.padEnd(20));

  /** How many messages of others were handled. */
  heard = 0;
  readonly greeting = new MetaMessage({
    ...POLICIES,
    handle: () => {
      this.heard++;
    },
    id: 1,
    name: 'greeting',
    distribution: directDistribution({ hasGlobalTime: false }),
    destination: candidateDestination(),
  });

  talk(): void {
    this.send(this.greeting, { text: 'hello' }, this.verifiedCandidates());
  }

  override initiateMetaMessages() {
    return [this.greeting];
  }
}

interface RehearsingPeer {
  readonly endpoint: MemoryEndpoint;
  readonly address: Address;
  readonly dispersy: Dispersy;
}

/**
 * Lets a few peers meet and talk, in a network and in a time of their own.
 * @param machine - the clock that gives promises their turns
 * @param random - what the peers' choices follow from
 * @throws Error when they have not met
 */
export async function rehearseOverlay(machine: Clock, random: Random): Promise<void> {
  const clock = new ManualClock();
  const fabric = new Fabric(clock);
  const peers: RehearsingPeer[] = [];
  for (let peer = 1; peer <= PEERS; peer++) peers.push(await makePeer(clock, fabric, random.derive('peer', peer)));
  const communities = peers.flatMap((peer) => [
    join(peer, peers, RehearsedCommunity),
    join(peer, peers, RehearsedOverlay),
  ]);
  await pass(clock, machine);
  for (const community of communities) community.talk();
  await pass(clock, machine);
  for (const { dispersy, endpoint } of peers) {
    await dispersy.stop();
    await endpoint.close();
  }
  const deaf = communities.filter(({ heard }) => heard === 0);
  // Nothing would be gained by a rehearsal in which peers do not meet.
  if (deaf.length > 0) throw new Error(`nobody was heard in ${deaf.length} of ${communities.length} communities`);
}

async function makePeer(clock: Clock, fabric: Fabric, random: Random): Promise<RehearsingPeer> {
  const logger = createLogger('rehearsal', () => {});
  const endpoint = new MemoryEndpoint({ carrier: fabric, logger });
  const address = await endpoint.open();
  const dispersy = new Dispersy({ endpoint, clock, random, logger });
  dispersy.start();
  return { endpoint, address, dispersy };
}

/** Moves time on, and gives what the peers promised its turn after each step. */
async function pass(clock: ManualClock, machine: Clock): Promise<void> {
  for (let passedMs = 0; passedMs < PHASE_MS; passedMs += STEP_MS) {
    clock.advance(STEP_MS);
    await new Promise<void>((resolve) => machine.scheduleTurn(resolve));
  }
}

/** Joins a community and asks all other peers for introductions. */
function join<C extends Community>(
  self: RehearsingPeer,
  peers: readonly RehearsingPeer[],
  communityClass: CommunityClass<C>,
): C {
  const community = self.dispersy.loadCommunity(communityClass);
  for (const { address } of peers) if (address !== self.address) community.createIntroductionRequest(address);
  return community;
}
