import type { Random } from '../../runtime/random.js';
import type { PacketOnItsWay, PacketRule } from './packet-rule.js';

/** Loses packets, each on its own, with this probability. */
export function loss(random: Random, probability: number): PacketRule {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`a probability is a number from 0 to 1, not ${probability}`);
  return () => (random.float() < probability ? { drop: 'loss' } : 'pass');
}

/** Keeps every packet back for a time that is drawn uniformly between two limits: where the limits differ, packets overtake each other. */
export function latency(random: Random, fromMs: number, toMs = fromMs): PacketRule {
  if (!(fromMs >= 0 && fromMs <= toMs && Number.isFinite(toMs)))
    throw new RangeError(`a latency is between two numbers of milliseconds, 0 at least, not ${fromMs} and ${toMs}`);
  return () => ({ deliverAfterMs: fromMs + (toMs - fromMs) * random.float() });
}

/** Loses every packet between those for which `isCut` holds. */
export function cut(isCut: (packet: PacketOnItsWay) => boolean): PacketRule {
  return (packet) => (isCut(packet) ? { drop: 'cut' } : 'pass');
}
