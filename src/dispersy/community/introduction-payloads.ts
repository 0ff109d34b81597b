import type { Address } from '../../network/address.js';
import { type ConnectionType, connectionTypeBits, connectionTypeFrom } from '../candidate/connection-type.js';
import { address } from '../codec/address.js';
import type { Codec } from '../codec/codec.js';
import { rest, uint16 } from '../codec/fields.js';
import type { Reader } from '../codec/reader.js';
import { struct } from '../codec/struct.js';

export interface IntroductionRequest {
  /** Where the sender sees the receiver. */
  readonly destination: Address;
  readonly sourceLan: Address;
  readonly sourceWan: Address;
  /** The sender wants to be introduced to someone. */
  readonly advice: boolean;
  readonly connectionType: ConnectionType;
  readonly identifier: number;
}

export interface IntroductionResponse {
  /** Where the sender sees the receiver. */
  readonly destination: Address;
  readonly sourceLan: Address;
  readonly sourceWan: Address;
  /** `NO_ADDRESS` when nobody is introduced. */
  readonly introducedLan: Address;
  readonly introducedWan: Address;
  readonly connectionType: ConnectionType;
  /** That of the request. */
  readonly identifier: number;
}

const ADVICE_FLAG = 0b0000_0001;
const SYNC_FLAG = 0b0000_0010;
/** From this community version on, introductions carry free bytes at the end and never a sync part. */
const VERSION_WITH_FREE_BYTES = 2;

export const introductionRequestPayload: Codec<IntroductionRequest> = {
  write(writer, { destination, sourceLan, sourceWan, advice, connectionType, identifier }) {
    address.write(writer, destination);
    address.write(writer, sourceLan);
    address.write(writer, sourceWan);
    writer.uint8((advice ? ADVICE_FLAG : 0) | connectionTypeBits(connectionType));
    writer.uint16(identifier);
  },
  read(reader) {
    const destination = address.read(reader);
    const sourceLan = address.read(reader);
    const sourceWan = address.read(reader);
    const flags = reader.uint8();
    const identifier = reader.uint16();
    if (reader.communityVersion >= VERSION_WITH_FREE_BYTES) rest.read(reader);
    else if ((flags & SYNC_FLAG) !== 0) skipSync(reader);
    const connectionType = connectionTypeFrom(flags);
    return { destination, sourceLan, sourceWan, advice: (flags & ADVICE_FLAG) !== 0, connectionType, identifier };
  },
};

/** Time low and high, modulo, offset, functions; then the filter's size in bits, its prefix byte, its bytes. */
function skipSync(reader: Reader): void {
  reader.bytes(8 + 8 + 2 + 2 + 1);
  const bits = reader.uint16();
  reader.bytes(1 + Math.ceil(bits / 8));
}

export const introductionResponsePayload: Codec<IntroductionResponse> = {
  write(writer, response) {
    address.write(writer, response.destination);
    address.write(writer, response.sourceLan);
    address.write(writer, response.sourceWan);
    address.write(writer, response.introducedLan);
    address.write(writer, response.introducedWan);
    writer.uint8(connectionTypeBits(response.connectionType));
    writer.uint16(response.identifier);
  },
  read(reader) {
    const destination = address.read(reader);
    const sourceLan = address.read(reader);
    const sourceWan = address.read(reader);
    const introducedLan = address.read(reader);
    const introducedWan = address.read(reader);
    const connectionType = connectionTypeFrom(reader.uint8());
    const identifier = reader.uint16();
    if (reader.communityVersion >= VERSION_WITH_FREE_BYTES) rest.read(reader);
    return { destination, sourceLan, sourceWan, introducedLan, introducedWan, connectionType, identifier };
  },
};

/** Names the peer that is to be sent a puncture. */
export const punctureRequestPayload = struct({ walkerLan: address, walkerWan: address, identifier: uint16 });

export const puncturePayload = struct({ sourceLan: address, sourceWan: address, identifier: uint16 });
