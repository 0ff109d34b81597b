/** A packet on its way from an entity of one thread to an entity of another. */
export interface CrossingPacket {
  /** When it arrives, in milliseconds of the experiment's time. */
  readonly timeMs: number;
  /** When it was sent. */
  readonly sentMs: number;
  readonly target: number;
  readonly source: number;
  /** The source's count of this event. */
  readonly sequence: number;
  readonly sourcePort: number;
  readonly targetPort: number;
  /** Whether it stays in the LAN of its sender. */
  readonly isInside: boolean;
  readonly bytes: Uint8Array;
}

/** Brings packets to the other threads of a run. */
export interface PacketSender {
  send(thread: number, packet: CrossingPacket): void;
}

/** Two times, target, source, sequence, two ports, the length of the packet, and whether it stays inside. */
const HEAD_BYTES = 8 + 4 + 4 + 8 + 2 + 2 + 4 + 1 + 8;

/** How many bytes a packet takes in memory that threads share. */
export function recordBytesOf({ bytes }: CrossingPacket): number {
  return HEAD_BYTES + bytes.length;
}

/** Writes a packet where there is room for `recordBytesOf(packet)` bytes. */
export function writeCrossing(memory: SharedArrayBuffer, offset: number, packet: CrossingPacket): void {
  const { bytes } = packet;
  const view = new DataView(memory, offset, HEAD_BYTES);
  view.setFloat64(0, packet.timeMs);
  view.setInt32(8, packet.target);
  view.setInt32(12, packet.source);
  view.setFloat64(16, packet.sequence);
  view.setUint16(24, packet.sourcePort);
  view.setUint16(26, packet.targetPort);
  view.setUint32(28, bytes.length);
  view.setUint8(32, packet.isInside ? 1 : 0);
  view.setFloat64(33, packet.sentMs);
  new Uint8Array(memory, offset + HEAD_BYTES, bytes.length).set(bytes);
}

/** Reads a packet; its bytes are its own. */
export function readCrossing(memory: SharedArrayBuffer, offset: number): CrossingPacket {
  const view = new DataView(memory, offset, HEAD_BYTES);
  return {
    timeMs: view.getFloat64(0),
    sentMs: view.getFloat64(33),
    target: view.getInt32(8),
    source: view.getInt32(12),
    sequence: view.getFloat64(16),
    sourcePort: view.getUint16(24),
    targetPort: view.getUint16(26),
    isInside: view.getUint8(32) === 1,
    bytes: new Uint8Array(memory, offset + HEAD_BYTES, view.getUint32(28)).slice(),
  };
}
