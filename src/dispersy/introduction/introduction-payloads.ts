import type { Address } from '../../network/address.js';
import { type ConnectionType, connectionTypeBits, connectionTypeFrom } from '../candidate/connection-type.js';
import { address, typedAddress } from '../codec/address.js';
import type { Codec, CodecValue } from '../codec/codec.js';
import { rest, uint16 } from '../codec/fields.js';
import { struct } from '../codec/struct.js';
import { readSyncRequest, type SyncRequest, writeSyncRequest } from '../sync/sync-request.js';

/** The form of these messages. `new` is IPv8's second form: addresses are led by their type, and identifiers stand before the flags. */
export type MessageStyle = 'old' | 'new';

export interface IntroductionRequest {
  /** Where the sender sees the receiver. */
  readonly destination: Address;
  readonly sourceLan: Address;
  readonly sourceWan: Address;
  /** The sender wants to be introduced to someone. */
  readonly advice: boolean;
  readonly connectionType: ConnectionType;
  /** The sender understands new style messages. */
  readonly supportsNewStyle: boolean;
  readonly identifier: number;
  /** The messages that the sender wants to be sent; absent from community version 2 on. */
  readonly sync?: SyncRequest | undefined;
  /** Free bytes at the end; empty before community version 2. */
  readonly extraBytes: Buffer;
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
  readonly supportsNewStyle: boolean;
  readonly introducedSupportsNewStyle: boolean;
  /** The sender has as many peers as it wants. */
  readonly peerLimitReached: boolean;
  /** The identifier of the request. */
  readonly identifier: number;
  /** Free bytes at the end; empty before community version 2. */
  readonly extraBytes: Buffer;
}

/** From this community version on, introductions carry free bytes at the end and never a sync part. */
export const VERSION_WITH_FREE_BYTES = 2;

const NO_BYTES = Buffer.alloc(0);

const ADVICE = 0b0000_0001;
const SYNC = 0b0000_0010;
const REQUEST_SUPPORTS_NEW_STYLE = 0b0010_0000;
const PEER_LIMIT_REACHED = 0b0000_0100;
const INTRODUCED_SUPPORTS_NEW_STYLE = 0b0000_1000;
const SUPPORTS_NEW_STYLE = 0b0001_0000;
/** The flag of an introduced peer that supports the new style; it is the only flag of a response in the new style. */
const NEW_INTRODUCED_SUPPORTS_NEW_STYLE = 0b1000_0000;

/** The payload in both styles: three addresses, then flags (1) and identifier (2), then the sync part or free bytes. */
export const introductionRequestPayloads: Readonly<Record<MessageStyle, Codec<IntroductionRequest>>> = {
  old: requestPayload('old'),
  new: requestPayload('new'),
};

/** The payload in both styles: five addresses, then flags (1) and identifier (2), then free bytes. */
export const introductionResponsePayloads: Readonly<Record<MessageStyle, Codec<IntroductionResponse>>> = {
  old: responsePayload('old'),
  new: responsePayload('new'),
};

function requestPayload(style: MessageStyle): Codec<IntroductionRequest> {
  const tail = tailOf(style);
  const each = style === 'old' ? address : typedAddress;
  return {
    write(writer, request) {
      for (const value of [request.destination, request.sourceLan, request.sourceWan]) each.write(writer, value);
      let flags = connectionTypeBits(request.connectionType);
      if (request.advice) flags |= ADVICE;
      if (request.sync !== undefined) flags |= SYNC;
      // A sender that asks in the new style need not say that it supports it.
      if (request.supportsNewStyle && style === 'old') flags |= REQUEST_SUPPORTS_NEW_STYLE;
      tail.write(writer, { flags, identifier: request.identifier });
      if (request.sync !== undefined) writeSyncRequest(writer, request.sync);
      writer.bytes(request.extraBytes);
    },
    read(reader) {
      const [destination, sourceLan, sourceWan] = [each.read(reader), each.read(reader), each.read(reader)];
      const { flags, identifier } = tail.read(reader);
      const isNew = reader.communityVersion >= VERSION_WITH_FREE_BYTES;
      const sync = !isNew && (flags & SYNC) !== 0 ? readSyncRequest(reader) : undefined;
      return {
        destination,
        sourceLan,
        sourceWan,
        advice: (flags & ADVICE) !== 0,
        connectionType: connectionTypeFrom(flags),
        supportsNewStyle: isNew && (style === 'new' || (flags & REQUEST_SUPPORTS_NEW_STYLE) !== 0),
        identifier,
        sync,
        extraBytes: isNew ? rest.read(reader) : NO_BYTES,
      };
    },
  };
}

function responsePayload(style: MessageStyle): Codec<IntroductionResponse> {
  const tail = tailOf(style);
  const each = style === 'old' ? address : typedAddress;
  return {
    write(writer, response) {
      const { destination, sourceLan, sourceWan, introducedLan, introducedWan } = response;
      for (const value of [destination, sourceLan, sourceWan, introducedLan, introducedWan]) each.write(writer, value);
      tail.write(writer, { flags: responseFlags(style, response), identifier: response.identifier });
      writer.bytes(response.extraBytes);
    },
    read(reader) {
      const [destination, sourceLan, sourceWan] = [each.read(reader), each.read(reader), each.read(reader)];
      const [introducedLan, introducedWan] = [each.read(reader), each.read(reader)];
      const { flags, identifier } = tail.read(reader);
      const isNew = reader.communityVersion >= VERSION_WITH_FREE_BYTES;
      const has = (flag: number) => isNew && style === 'old' && (flags & flag) !== 0;
      return {
        destination,
        sourceLan,
        sourceWan,
        introducedLan,
        introducedWan,
        connectionType: style === 'old' ? connectionTypeFrom(flags) : 'unknown',
        supportsNewStyle: style === 'new' || has(SUPPORTS_NEW_STYLE),
        introducedSupportsNewStyle:
          style === 'new' ? (flags & NEW_INTRODUCED_SUPPORTS_NEW_STYLE) !== 0 : has(INTRODUCED_SUPPORTS_NEW_STYLE),
        peerLimitReached: has(PEER_LIMIT_REACHED),
        identifier,
        extraBytes: isNew ? rest.read(reader) : NO_BYTES,
      };
    },
  };
}

function responseFlags(style: MessageStyle, response: IntroductionResponse): number {
  if (style === 'new') return response.introducedSupportsNewStyle ? NEW_INTRODUCED_SUPPORTS_NEW_STYLE : 0;
  let flags = connectionTypeBits(response.connectionType);
  if (response.supportsNewStyle) flags |= SUPPORTS_NEW_STYLE;
  if (response.introducedSupportsNewStyle) flags |= INTRODUCED_SUPPORTS_NEW_STYLE;
  if (response.peerLimitReached) flags |= PEER_LIMIT_REACHED;
  return flags;
}

interface Tail {
  readonly flags: number;
  readonly identifier: number;
}

function tailOf(style: MessageStyle): Codec<Tail> {
  return {
    write(writer, { flags, identifier }) {
      if (style === 'old') writer.uint8(flags);
      writer.uint16(identifier);
      if (style === 'new') writer.uint8(flags);
    },
    read(reader) {
      if (style === 'old') return { flags: reader.uint8(), identifier: reader.uint16() };
      const identifier = reader.uint16();
      return { flags: reader.uint8(), identifier };
    },
  };
}

/** Names the peer that is to be sent a puncture. */
export const punctureRequestPayloads = {
  old: struct({ walkerLan: address, walkerWan: address, identifier: uint16 }),
  new: struct({ walkerLan: typedAddress, walkerWan: typedAddress, identifier: uint16 }),
} as const;

export const puncturePayloads = {
  old: struct({ sourceLan: address, sourceWan: address, identifier: uint16 }),
  new: struct({ sourceLan: typedAddress, sourceWan: typedAddress, identifier: uint16 }),
} as const;

export type PunctureRequest = CodecValue<typeof punctureRequestPayloads.old>;
export type Puncture = CodecValue<typeof puncturePayloads.old>;
