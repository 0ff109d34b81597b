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
export type { InstanceVars, JsonValue, ServerVars } from './instance/protocol.js';

export { Community, type CommunityEvents } from './dispersy/community/community.js';
export type { CommunityClass } from './dispersy/community/community-class.js';
export { Dispersy, type DispersyInit, type LoadCommunityOptions } from './dispersy/dispersy.js';
export type { Candidate, CandidateCategory } from './dispersy/candidate/candidate.js';
export { Member } from './dispersy/identity/member.js';
export { defaultMasterMember, isolatedMasterMember } from './dispersy/identity/master-member.js';
export type { Conversion } from './dispersy/message/conversion.js';
export { DefaultConversion } from './dispersy/message/default-conversion.js';
export type { Message, ReceivedMessage } from './dispersy/message/message.js';
export { MetaMessage, type MetaMessageInit } from './dispersy/message/meta-message.js';
export {
  candidateDestination,
  communityDestination,
  directDistribution,
  memberAuthentication,
  noAuthentication,
  publicResolution,
} from './dispersy/message/policies.js';
export { drop, type Drop, type Verdict } from './dispersy/message/verdict.js';
export { address } from './dispersy/codec/address.js';
export type { Codec, CodecValue } from './dispersy/codec/codec.js';
export { bytes, rest, uint16, uint32, uint64, uint8, utf8, varbytes } from './dispersy/codec/fields.js';
export { noPayload, struct } from './dispersy/codec/struct.js';

export type { Address } from './network/address.js';
export type { Endpoint, EndpointEvents } from './network/endpoint.js';
export { every, type Clock, type Timer } from './runtime/clock.js';
export { GumbyError, type ErrorCode } from './runtime/errors.js';
export type { Logger } from './runtime/logger.js';
export type { Random } from './runtime/random.js';
