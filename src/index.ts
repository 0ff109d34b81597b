/** The public API for authors of experiment modules and communities: `import … from 'gumby'`. */
export { ExperimentModule } from './instance/experiment-module.js';
export { experimentCallback, type CallbackOptions } from './instance/experiment-callback.js';
export { staticModule, type ExperimentModuleClass } from './instance/static-module.js';
export {
  boolean,
  choice,
  float,
  integer,
  text,
  type NumberOptions,
  type TypedParameter,
} from './instance/typed-parameters.js';
export type { Experiment, ExperimentEvents } from './instance/experiment.js';
export type { ExperimentNetwork, LinkEnds, LinkWish, PeerGroup } from './instance/experiment-network.js';
export type { NatType } from './network/nat/nat-type.js';
export type { InstanceVars, JsonValue, ServerVars } from './protocol/variables.js';

export { Community } from './dispersy/community/community.js';
export type { CommunityEvents } from './dispersy/contract/community-events.js';
export type { CreateMessageOptions, StoreUpdateForwardOptions } from './dispersy/contract/message-options.js';
export { IPv8Community } from './dispersy/ipv8-community.js';
export { type CommunityClass, Dispersy, type DispersyInit, type LoadCommunityOptions } from './dispersy/dispersy.js';
export type { Candidate, CandidateCategory } from './dispersy/candidate/candidate.js';
export type { ConnectionType } from './dispersy/candidate/connection-type.js';
export {
  type Crypto,
  type PrivateKey,
  type PublicKey,
  SECURITY_LEVELS,
  type SecurityLevel,
} from './dispersy/identity/crypto.js';
export { CRYPTO_MODES } from './dispersy/identity/crypto-modes.js';
export { CRYPTO_MODE_NAMES, type CryptoMode } from './runtime/crypto-modes.js';
export { Member } from './dispersy/identity/member.js';
export type { MemberCache } from './dispersy/identity/member-cache.js';
export { defaultMasterMember, isolatedMasterMember } from './dispersy/identity/master-member.js';
export type { IntroductionRequest, IntroductionResponse } from './dispersy/introduction/introduction-payloads.js';
export type { IntroductionRequestOptions } from './dispersy/contract/introduction-request-options.js';
export type { Conversion, Decoded, EncodeInput } from './dispersy/message/conversion.js';
export { DefaultConversion, type DefaultConversionInit } from './dispersy/message/default-conversion.js';
export { type Message, membersOf, type ReceivedMessage } from './dispersy/message/message.js';
export { type BatchOptions, MetaMessage, type MetaMessageInit } from './dispersy/message/meta-message.js';
export {
  type Authentication,
  candidateDestination,
  communityDestination,
  type Destination,
  directDistribution,
  type Distribution,
  type DoubleMemberAuthentication,
  doubleMemberAuthentication,
  dynamicResolution,
  fullSyncDistribution,
  lastSyncDistribution,
  linearResolution,
  type MemberAuthentication,
  memberAuthentication,
  type NoAuthentication,
  nHopCommunityDestination,
  noAuthentication,
  type Pruning,
  publicResolution,
  type Resolution,
} from './dispersy/message/policies.js';
export {
  type CheckResult,
  type Delay,
  delayByMissingMessage,
  delayByProof,
  drop,
  type Drop,
} from './dispersy/message/check-result.js';
export type { DestructionDegree } from './dispersy/permission/destroy-payload.js';
export type { Permission, PermissionGrant } from './dispersy/permission/permission.js';
export type { DynamicSettings } from './dispersy/permission/dynamic-settings.js';
export type { SignatureRequestOptions } from './dispersy/signature/signature-requests.js';
export type { Store, StoredMessage, StoreFactory, SyncDirection, SyncRange } from './dispersy/store/store.js';
export { openSqliteStores, type SqliteStores } from './dispersy/store/sqlite-store.js';
export type { SyncStrategyName } from './dispersy/sync/sync-strategy.js';
export { address } from './dispersy/codec/address.js';
export type { Codec, CodecValue } from './dispersy/codec/codec.js';
export { bytes, rest, uint16, uint32, uint64, uint8, utf8, varbytes } from './dispersy/codec/fields.js';
export { type NoPayload, noPayload, struct } from './dispersy/codec/struct.js';

export type { Address } from './network/address.js';
export type { Endpoint, EndpointOpenOptions, PacketListener } from './network/endpoint.js';
export type { EndpointCounts } from './network/endpoint-counts.js';
export type { SocketFigures } from './network/socket-figures.js';
export type { InstanceStatistics } from './statistics/instance-statistics.js';
export type { Counter, Gauge, Histogram, HistogramInit, MetricInit } from './statistics/metrics.js';
export type { StatisticsLog } from './output/statistics-log.js';
export { every, type Clock, type Timer } from './runtime/clock.js';
export { GumbyError, type ErrorCode } from './runtime/errors.js';
export type { Logger } from './runtime/logger.js';
export { type Random, seededRandom } from './runtime/random.js';

// The keys and names that modules of this package write for the report.
export { LOG_KEYS } from './output/log-keys.js';
export { changedValues, type Values } from './output/changed-values.js';
export { MessageTotals } from './dispersy/statistics/message-totals.js';
export { type CommunityEntry, MESSAGE_COUNTS, OVERLAY_KEYS, RESPONSE_TIME } from './output/overlay-entries.js';
