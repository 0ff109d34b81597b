import type { Address } from '../../network/address.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { CommunityHost } from '../contract/community-host.js';
import type { CommunitySettings } from '../contract/community-settings.js';
import type { Introductions } from '../introduction/introductions.js';
import type { Conversion } from '../message/conversion.js';
import type { Conversions } from '../message/conversions.js';
import type { MissingRequests } from '../missing/missing-requests.js';
import type { DestructionDegree } from '../permission/destroy-payload.js';
import type { Destruction } from '../permission/destruction.js';
import type { PermissionMessages } from '../permission/permission-messages.js';
import type { Undos } from '../permission/undos.js';
import type { MessageReceiver } from '../receiving/message-receiver.js';
import type { SignatureRequests } from '../signature/signature-requests.js';
import type { Store } from '../store/store.js';
import type { KeepAlive } from '../walker/keep-alive.js';
import type { Walker } from '../walker/walker.js';
import { checkOwnMessage } from './check-own-message.js';
import type { LamportClock } from './lamport-clock.js';

export interface CommunityLifeComponents {
  readonly context: Pick<CommunityContext, 'messages' | 'candidates'>;
  readonly settings: Pick<CommunitySettings, 'enableCandidateWalker' | 'enableFastCandidateWalker'>;
  readonly host: Pick<CommunityHost, 'events' | 'initiateMetaMessages' | 'initiateConversions'>;
  readonly conversions: Conversions;
  readonly lamportClock: Pick<LamportClock, 'resume'>;
  readonly store: Store;
  readonly receiver: Pick<MessageReceiver, 'receive' | 'stop'>;
  readonly introductions: Pick<Introductions, 'messages' | 'stop'>;
  readonly missingRequests: Pick<MissingRequests, 'messages'>;
  readonly permissionMessages: Pick<PermissionMessages, 'messages' | 'load'>;
  readonly undos: Pick<Undos, 'messages' | 'load'>;
  readonly destruction: Destruction;
  readonly signatures: Pick<SignatureRequests, 'messages' | 'stop'>;
  readonly walker: Walker;
  readonly keepAlive: Pick<KeepAlive, 'stop'>;
}

/** A community from when it is attached to a Dispersy until it is detached; Dispersy calls it. */
export class CommunityLife {
  readonly #components: CommunityLifeComponents;

  constructor(components: CommunityLifeComponents) {
    this.#components = components;
  }

  /** Makes the community able to send: sets up its messages and conversions, and reads what an earlier session stored. */
  start(trackers: readonly Address[]): void {
    const {
      context,
      host,
      conversions,
      introductions,
      missingRequests,
      permissionMessages,
      undos,
      destruction,
      signatures,
    } = this.#components;
    for (const { messages } of [introductions, missingRequests, permissionMessages, undos, destruction, signatures])
      for (const meta of messages) context.messages.add(meta);
    for (const meta of host.initiateMetaMessages()) context.messages.add(checkOwnMessage(meta));
    conversions.set(host.initiateConversions());
    for (const tracker of trackers) context.candidates.addTracker(tracker);
    this.#load();
  }

  startWalking(): void {
    const { settings, destruction, walker } = this.#components;
    if (destruction.degree !== undefined) return;
    if (settings.enableCandidateWalker) walker.start();
    if (settings.enableFastCandidateWalker) walker.startFast();
  }

  /** Takes a packet with the prefix of one of the conversions. @returns why it is not taken */
  receive(source: Address, packet: Buffer, conversion: Conversion): string | undefined {
    const { receiver, destruction } = this.#components;
    if (destruction.degree === undefined) {
      receiver.receive(source, packet, conversion);
      return undefined;
    }
    destruction.sendProof(source);
    return 'community was destroyed';
  }

  /** Ends all activity of the community, except that others are told of the destruction. */
  onDestroyed(degree: DestructionDegree): void {
    const { walker, keepAlive, receiver, host } = this.#components;
    walker.stop();
    keepAlive.stop();
    receiver.stop();
    host.events.emit('destroyed', degree);
  }

  stop(): void {
    const { walker, keepAlive, introductions, signatures, receiver, store, context, host } = this.#components;
    walker.stop();
    keepAlive.stop();
    introductions.stop();
    signatures.stop();
    receiver.stop();
    store.close();
    context.candidates.clear();
    host.events.emit('unloaded');
  }

  /** Goes on from what an earlier session stored. */
  #load(): void {
    const { store, lamportClock, permissionMessages, undos, destruction } = this.#components;
    if (store.size === 0) return;
    lamportClock.resume(store.latestGlobalTime);
    permissionMessages.load();
    undos.load();
    destruction.load();
  }
}
