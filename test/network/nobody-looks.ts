import type { PacketObserver } from '../../src/network/observed/packet-observer.js';

/** An observer that does nothing. */
export const NOBODY_LOOKS: PacketObserver = { onSent() {}, onReceived() {} };
