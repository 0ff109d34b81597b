import { utf8 } from '../../../src/dispersy/codec/fields.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { Community } from '../../../src/dispersy/community/community.js';
import type { CreateMessageOptions } from '../../../src/dispersy/contract/message-options.js';
import type { Member } from '../../../src/dispersy/identity/member.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import { type BatchOptions, MetaMessage } from '../../../src/dispersy/message/meta-message.js';
import {
  type Authentication,
  communityDestination,
  type Destination,
  type Distribution,
  fullSyncDistribution,
  memberAuthentication,
  publicResolution,
} from '../../../src/dispersy/message/policies.js';
import { archiveOf, conversionOf } from './inside.js';

export interface NoteInit {
  readonly authentication?: Authentication;
  readonly distribution?: Distribution;
  readonly destination?: Destination;
  readonly batch?: BatchOptions;
}

/** Messages of a community of the tests: a text each. */
export type Note = MetaMessage<{ readonly text: string }>;

/** A community whose messages are short texts, of as many kinds as a test wants; it does not walk. */
export class NoteCommunity extends Community {
  override readonly enableCandidateWalker: boolean = false;
  /** What was handled, our own included. */
  readonly texts: string[] = [];
  /** The same, by the calls that handled it. */
  readonly calls: string[][] = [];
  readonly #kinds: Note[] = [];

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return this.#kinds;
  }

  /** Defines one more kind; stored by all, and pushed to nobody, unless it says otherwise. */
  protected note(name: string, init: NoteInit = {}): Note {
    const meta: Note = new MetaMessage({
      id: this.#kinds.length + 1,
      name,
      authentication: init.authentication ?? memberAuthentication(),
      resolution: publicResolution(),
      distribution: init.distribution ?? fullSyncDistribution(),
      destination: init.destination ?? communityDestination(0),
      payload: struct({ text: utf8 }),
      ...(init.batch === undefined ? {} : { batch: init.batch }),
      handleBatch: (messages) => {
        const texts = messages.map(({ payload }) => payload.text);
        this.texts.push(...texts);
        this.calls.push(texts);
      },
    });
    this.#kinds.push(meta);
    return meta;
  }

  /** Creates a message, stores and handles it; it goes nowhere. */
  write(meta: Note, text: string, options: CreateMessageOptions = {}) {
    return this.create(meta, { text }, { ...options, forward: false });
  }

  /** A packet of this very global time, whatever the time is here. */
  packetAt(globalTime: bigint, meta: Note, text: string, member: Member = this.myMember): Buffer {
    return conversionOf(this).encode(meta, { members: [member], globalTime, payload: { text } });
  }

  /** The texts of all that is stored of a kind, by global time. */
  storedTexts(meta: Note): string[] {
    return this.store
      .between(meta.id, 0n, 2n ** 53n)
      .map((stored) => (archiveOf(this).load(stored)?.payload as { readonly text: string }).text);
  }
}
