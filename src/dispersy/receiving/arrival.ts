import type { Address } from '../../network/address.js';
import type { Conversion, DecodedMessage } from '../message/conversion.js';
import type { RegisteredMessage } from '../message/message-registry.js';

/** A packet on its way into the community. */
export interface Arrival {
  readonly source: Address;
  readonly packet: Buffer;
  readonly conversion: Conversion;
  /** The kind of message that the packet claims to be. */
  readonly registered: RegisteredMessage;
  /** The decoded packet, once its signature was found right: it is neither decoded nor verified a second time. */
  readonly verified?: DecodedMessage;
}
