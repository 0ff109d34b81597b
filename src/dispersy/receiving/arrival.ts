import type { Address } from '../../network/address.js';
import type { Conversion, DecodedMessage } from '../message/conversion.js';
import type { RegisteredMessage } from '../message/message-registry.js';

/** A packet on its way into the community. */
export interface Arrival {
  readonly source: Address;
  readonly packet: Buffer;
  readonly conversion: Conversion;
  /** What the packet claims to be. */
  readonly registered: RegisteredMessage;
  /** Once its signature was found right: it is neither decoded nor verified a second time. */
  readonly verified?: DecodedMessage;
}
