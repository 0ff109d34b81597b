import { uint32, utf8 } from '../../../src/dispersy/codec/fields.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { Community } from '../../../src/dispersy/community/community.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import { MetaMessage } from '../../../src/dispersy/message/meta-message.js';
import {
  candidateDestination,
  communityDestination,
  directDistribution,
  memberAuthentication,
  publicResolution,
} from '../../../src/dispersy/message/policies.js';
import { drop } from '../../../src/dispersy/message/check-result.js';
import type { Address } from '../../../src/network/address.js';

/** A community with two signed messages: one to candidates that are named, one to two at random. */
export class PingCommunity extends Community {
  readonly pings: { readonly nonce: number; readonly text: string; readonly from: string; readonly port: number }[] =
    [];
  readonly shouts: string[] = [];

  readonly ping = new MetaMessage({
    id: 1,
    name: 'ping',
    authentication: memberAuthentication(),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
    payload: struct({ nonce: uint32, text: utf8 }),
    check: ({ payload }) => (payload.text === 'refuse me' ? drop('refused by the test') : undefined),
    handle: ({ payload, member, candidate }) => {
      if (payload.text === 'throw') throw new Error('a handler of the test');
      this.pings.push({ ...payload, from: member.toString(), port: candidate.port });
    },
  });

  readonly shout = new MetaMessage({
    id: 2,
    name: 'shout',
    authentication: memberAuthentication('bin'),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: communityDestination(2),
    payload: struct({ text: utf8 }),
    handle: async ({ payload }) => {
      if (payload.text === 'throw') throw new Error('an asynchronous handler of the test');
      this.shouts.push(payload.text);
    },
  });

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.ping, this.shout];
  }

  createPing(peer: Address, nonce: number, text = '') {
    return this.send(this.ping, { nonce, text }, [peer]);
  }
}

/** The same messages in community version 2, where packets name members by their whole public key. */
export class SecondPingCommunity extends PingCommunity {
  override initiateConversions() {
    return [new DefaultConversion(this, { communityVersion: 2 })];
  }
}
