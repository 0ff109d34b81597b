import type { InstancesVars } from '../../instance/instance.js';
import type { ScriptGlobals } from '../../instance/load-script.js';
import { ObservedEndpoint } from '../../network/observed/observed-endpoint.js';
import type { MeteredEndpoint } from '../../network/socket-figures.js';
import { UdpEndpoint } from '../../network/udp-endpoint.js';
import { instanceGlobals } from '../instance-globals.js';
import type { InstanceOutput } from '../instance-output.js';
import type { InstanceScope } from '../instance-scope.js';
import type { OpenEndpointInit } from '../world.js';
import type { RealNetwork, RealNetworkInit } from './real-network.js';

/** Sockets of the system. */
export class PlainUdpNetwork implements RealNetwork {
  readonly #observerOf: RealNetworkInit['observerOf'];

  constructor({ observerOf }: Pick<RealNetworkInit, 'observerOf'>) {
    this.#observerOf = observerOf;
  }

  learn(_readVars: () => InstancesVars): void {}

  go(_startMs: number): void {}

  openEndpoint(entity: number, init: OpenEndpointInit): MeteredEndpoint {
    const endpoint = this.wrap(new UdpEndpoint(init), entity, init);
    const observer = this.#observerOf(entity);
    return observer === undefined ? endpoint : new ObservedEndpoint(endpoint, observer);
  }

  outsideHostOf(): undefined {
    return undefined;
  }

  globalsOf(scope: InstanceScope, output: InstanceOutput, ownsThread: boolean): ScriptGlobals {
    return ownsThread ? {} : instanceGlobals(scope, output);
  }

  /** What lies between an instance and its socket. */
  protected wrap(endpoint: MeteredEndpoint, _entity: number, _init: OpenEndpointInit): MeteredEndpoint {
    return endpoint;
  }
}
