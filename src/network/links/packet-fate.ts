/** What becomes of a packet on its link: after how many milliseconds it arrives, or why it does not. */
export type PacketFate =
  | number
  | 'lost'
  | 'too-long'
  | {
      readonly delayMs: number;
      /** When the packet arrives a second time; absent when it does not. */
      readonly copyDelayMs?: number;
      /** The number of the bit that is wrong when it arrives; absent when all are right. */
      readonly flippedBit?: number;
    };

/** Decides about every packet of the network; see `LinkTable`. */
export interface PacketFates {
  /** @param bytes - the length of the packet @param nowMs - when it is sent */
  fateOf(source: number, target: number, bytes: number, nowMs: number): PacketFate;
}
