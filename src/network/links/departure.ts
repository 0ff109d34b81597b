import type { NetworkFigures } from '../network-figures.js';
import type { PacketFates } from './packet-fate.js';
import type { Bandwidths } from './bandwidth.js';
import { withFlippedBit } from './flip-bit.js';

/** What decides about a packet that leaves, and where it is counted. */
export interface DepartureInit {
  readonly fates: PacketFates;
  readonly bandwidths: Bandwidths;
  readonly figures: NetworkFigures;
}

/**
 * Lets a packet leave over its link, counting what becomes of it there.
 * @param nowMs - when it is sent
 * @param send - is called with each time at which the packet is to arrive: never, once, or twice. The bytes are those of
 * `packet` as long as no bit of them is wrong
 */
export function depart(
  { fates, bandwidths, figures }: DepartureInit,
  source: number,
  target: number,
  packet: Buffer,
  nowMs: number,
  send: (timeMs: number, bytes: Buffer) => void,
): void {
  const fate = fates.fateOf(source, target, packet.length, nowMs);
  if (fate === 'lost' || fate === 'too-long') {
    figures.count(fate === 'lost' ? 'lost' : 'tooLong');
    return;
  }
  const leftMs = target === source ? 0 : bandwidths.passUp(source, nowMs, packet.length);
  if (leftMs === undefined) {
    figures.count('queueFull');
    return;
  }
  const { delayMs, copyDelayMs, flippedBit } = typeof fate === 'number' ? { delayMs: fate } : fate;
  if (flippedBit !== undefined) figures.count('corrupted');
  const bytes = flippedBit === undefined ? packet : withFlippedBit(packet, flippedBit);
  figures.askedDelays.record(delayMs);
  send(nowMs + leftMs + delayMs, bytes);
  if (copyDelayMs === undefined) return;
  figures.count('duplicated');
  send(nowMs + leftMs + copyDelayMs, bytes);
}
