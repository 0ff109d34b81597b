import type { ExecutionContext } from 'ava';
import { uint32, utf8 } from '../../../src/dispersy/codec/fields.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { Dispersy } from '../../../src/dispersy/dispersy.js';
import { IPv8Community } from '../../../src/dispersy/ipv8-community.js';
import { MetaMessage } from '../../../src/dispersy/message/meta-message.js';
import {
  candidateDestination,
  directDistribution,
  memberAuthentication,
  publicResolution,
} from '../../../src/dispersy/message/policies.js';
import { createLogger } from '../../../src/runtime/logger.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { seededRandom } from '../../../src/runtime/random.js';
import { ipv8Packets } from '../support/ipv8-packets.js';
import { SilentEndpoint } from '../support/silent-endpoint.js';

const POLICIES = {
  authentication: memberAuthentication(),
  resolution: publicResolution(),
  destination: candidateDestination(),
  payload: struct({ nonce: uint32, text: utf8 }),
} as const;

/** The overlay of the recorded packets: 'ping' and 'pong' without a global time, and 'timed' with one. */
export class LiveOverlay extends IPv8Community {
  static override readonly communityId = Buffer.from(ipv8Packets.community_id, 'hex');

  readonly handled: { readonly name: string; readonly nonce: number; readonly text: string }[] = [];
  readonly ping = this.#messageOf(1, 'ping', false);
  readonly pong = this.#messageOf(2, 'pong', false);
  readonly timed = this.#messageOf(3, 'timed', true);
  requestBytes = Buffer.alloc(0);
  responseBytes = Buffer.alloc(0);

  override initiateMetaMessages() {
    return [this.ping, this.pong, this.timed];
  }

  override introductionRequestExtraBytes() {
    return this.requestBytes;
  }

  override introductionResponseExtraBytes() {
    return this.responseBytes;
  }

  #messageOf(id: number, name: string, hasGlobalTime: boolean) {
    return new MetaMessage({
      ...POLICIES,
      id,
      name,
      distribution: directDistribution({ hasGlobalTime }),
      handle: ({ payload }) => void this.handled.push({ name, ...payload }),
    });
  }
}

export interface Live {
  readonly community: LiveOverlay;
  readonly dispersy: Dispersy;
  readonly endpoint: SilentEndpoint;
  readonly clock: ManualClock;
  readonly logged: readonly string[];
}

/** A loaded overlay on an endpoint at 127.0.0.1:20000 that keeps what is sent. */
export function liveOverlay(t: ExecutionContext, communityClass = LiveOverlay): Live {
  const logged: string[] = [];
  const endpoint = new SilentEndpoint();
  const clock = new ManualClock();
  const dispersy = new Dispersy({
    endpoint,
    clock,
    random: seededRandom('live overlay'),
    logger: createLogger('live', (_level, line) => logged.push(line)),
  });
  dispersy.start();
  t.teardown(() => dispersy.stop());
  return { community: dispersy.loadCommunity(communityClass), dispersy, endpoint, clock, logged };
}
