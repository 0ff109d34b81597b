import type { RegisteredMessage } from '../message/message-registry.js';
import type { DispersyStatistics } from '../statistics/dispersy-statistics.js';

/** Counts what becomes of packets, for the whole stack and for their kind of message. */
export class PacketOutcomes {
  constructor(private readonly statistics: DispersyStatistics) {}

  /** @param registered - the kind of message that the packet claims to be, if it is known */
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

  /** Counts a request for what a packet lacks. */
  askedFor(): void {
    this.statistics.delaySend++;
  }
}
