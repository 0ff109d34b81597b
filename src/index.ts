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
export type { Address } from './network/address.js';
export type { Endpoint, EndpointEvents } from './network/endpoint.js';
export { every, type Clock, type Timer } from './runtime/clock.js';
export { GumbyError, type ErrorCode } from './runtime/errors.js';
export type { Logger } from './runtime/logger.js';
export type { Random } from './runtime/random.js';
