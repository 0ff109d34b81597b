import type { RegisteredMessage } from '../message/message-registry.js';
import type { DispersyStatistics } from '../statistics/dispersy-statistics.js';

/** Counts what becomes of packets, for the whole stack and for their kind of message. */
export class PacketOutcomes {
  constructor(private readonly statistics: DispersyStatistics) {}

  /** @param registered - what the packet claims to be, if that is known */
  dropped(registered: RegisteredMessage | undefined, reason: string): void {
    this.statistics.drops.add(reason);
    if (registered !== undefined) registered.counters.dropped++;
  }

  handled(registered: RegisteredMessage, count: number): void {
    registered.counters.received += count;
    this.statistics.successCount += count;
  }

  delayed(registered: RegisteredMessage): void {
    this.statistics.delayCount++;
    registered.counters.delayed++;
  }

  timedOut(): void {
    this.statistics.delayTimeout++;
  }

  resumed(count: number): void {
    this.statistics.delaySuccess += count;
  }

  /** What a packet lacks was asked for. */
  askedFor(): void {
    this.statistics.delaySend++;
  }
}
