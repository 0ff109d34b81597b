import type { Address } from '../network/address.js';
import type { PacketObserver } from '../network/observed/packet-observer.js';
import { freshPart, interfaceNameOf } from '../output/pcap/capture-files.js';
import { CaptureWriter } from '../output/pcap/capture-writer.js';
import type { Direction } from '../output/pcap/pcapng-blocks.js';
import type { CaptureInit } from '../protocol/capture-protocol.js';
import type { Clock } from '../runtime/clock.js';
import { includesPeer } from '../runtime/peers/peer-set.js';
import { SideFile } from './side-file.js';

/** Captures the packets of the instances and trackers of a thread. */
export class PacketCapture {
  readonly #entities: CaptureInit['entities'];
  readonly #epochUs: number;
  readonly #file: SideFile<CaptureWriter>;

  /** @param onFault - is told once when the capture cannot be written */
  constructor({ file, entities, epochMs }: CaptureInit, onFault: (what: string, error: unknown) => void) {
    this.#entities = entities;
    this.#epochUs = Math.round(epochMs * 1000);
    this.#file = new SideFile('capturing packets', () => new CaptureWriter(freshPart(file)), onFault);
  }

  /**
   * Sees the packets of an instance or tracker; undefined when they are not captured.
   * @param clock - the experiment's clock, which all captured packets of the run are dated by
   */
  observerOf(entity: number, clock: Pick<Clock, 'nowMs'>): PacketObserver | undefined {
    if (!includesPeer(this.#entities, entity)) return undefined;
    const name = interfaceNameOf(entity);
    const note = (direction: Direction, source: Address, destination: Address, payload: Buffer) =>
      this.#file.write((writer) => {
        // A clock that counts from the run's beginning is exact to the microsecond; Unix time with a fraction is not.
        const timeUs = this.#epochUs + Math.round(clock.nowMs() * 1000);
        writer.note({ interfaceId: writer.interfaceOf(name), timeUs, direction, source, destination, payload });
      });
    return {
      onSent: (source, destination, packet) => note('outbound', source, destination, packet),
      onReceived: (source, destination, packet) => note('inbound', source, destination, packet),
    };
  }

  /** Writes down what has been captured. */
  flush(): void {
    this.#file.flush();
  }
}
