import type { HostLink } from '../../protocol/instance-link.js';
import type { HostThreadComponents, HostThreadInit } from './host-thread.js';

/** Makes a place where instances live; it is started with the first of them. */
export type CreateHost = (init: HostThreadInit, components: HostThreadComponents) => HostLink;
