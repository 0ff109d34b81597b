import type { Address } from '../address.js';
import { entityOfHost, hostOfEntity, insideHostOf, instanceOfInsideHost } from '../emulated/entity-address.js';
import { type InstanceRange, isInRanges } from '../../runtime/peers/instance-range.js';
import type { PortBlock } from './nat.js';
import { type NatAssignment, type NatPlan, OUTSIDE_PORT_MIN, OUTSIDE_PORTS } from './nat-plan.js';
import { type NatType, translates } from './nat-type.js';

/** Where an entity is in the network. */
interface Site {
  /** The address that its sockets have. */
  readonly insideHost: string;
  /** The address at which everyone outside its LAN sees it. */
  readonly outsideHost: string;
  /** The NAT that it shares with others; undefined where it has an address of its own. */
  readonly shared: NatAssignment | undefined;
  readonly block: PortBlock;
  readonly type: NatType;
}

const ALL_PORTS: PortBlock = { first: OUTSIDE_PORT_MIN, count: OUTSIDE_PORTS };

/** Who has which address, inside and outside: it follows from the NATs that a configuration and a scenario ask for. */
export class AddressPlan {
  readonly #plan: NatPlan;
  readonly #sites = new Map<number, Site>();
  /** NATs that several share, by the outside address. */
  readonly #shared = new Map<string, NatAssignment>();
  /** The entity of each outside address that was sent to and belongs to one entity. */
  readonly #entities = new Map<string, number>();

  constructor(plan: NatPlan) {
    this.#plan = plan;
    for (const assignment of plan.assignments)
      if (assignment.isShared) this.#shared.set(outsideHostOfShared(assignment), assignment);
  }

  /** Whether some instance is or will be behind a NAT or firewall. */
  get hasNats(): boolean {
    const { assignments, areExchanged } = this.#plan;
    return areExchanged || assignments.some(({ type }) => type !== 'none');
  }

  siteOf(entity: number): Site {
    let site = this.#sites.get(entity);
    if (site === undefined) this.#sites.set(entity, (site = this.#find(entity)));
    return site;
  }

  /** Whether two entities are in one LAN, and reach each other by their inside addresses. */
  areInOneLan(one: number, other: number): boolean {
    if (one === other) return true;
    const { shared } = this.siteOf(one);
    return shared !== undefined && shared === this.siteOf(other).shared;
  }

  /** The instance that has an inside address; undefined when none has. */
  insideOwnerOf(host: string): number | undefined {
    const instance = instanceOfInsideHost(host);
    return instance !== undefined && this.siteOf(instance).insideHost === host ? instance : undefined;
  }

  /** The entity that an outside address leads to; undefined when it leads to nobody. */
  outsideOwnerOf({ host, port }: Address): number | undefined {
    const shared = this.#shared.get(host);
    if (shared !== undefined) return sharerOf(shared, port);
    const known = this.#entities.get(host);
    if (known !== undefined) return known;
    const entity = entityOfHost(host);
    if (entity === undefined || this.siteOf(entity).outsideHost !== host) return undefined;
    // An address of nobody is not remembered: a stranger's list of addresses has no end.
    this.#entities.set(host, entity);
    return entity;
  }

  #find(entity: number): Site {
    const host = hostOfEntity(entity);
    const assignment = this.#plan.assignments.find(({ group }) => isInRanges(group, entity));
    const { type = 'none', isShared = false } = assignment ?? {};
    const isInside = isShared || translates(type) || (entity > 0 && isInRanges(this.#plan.later, entity));
    return {
      type,
      insideHost: isInside ? insideHostOf(entity) : host,
      outsideHost: isShared && assignment !== undefined ? outsideHostOfShared(assignment) : host,
      shared: isShared ? assignment : undefined,
      block: isShared && assignment !== undefined ? blockOf(assignment, entity) : ALL_PORTS,
    };
  }
}

/** A NAT that several share has the outside address of the first of them. */
function outsideHostOfShared({ group }: NatAssignment): string {
  return hostOfEntity(group[0]?.from ?? 0);
}

function sizeOf(group: readonly InstanceRange[]): number {
  return group.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

function portsOfEach({ group }: NatAssignment): number {
  return Math.floor(OUTSIDE_PORTS / sizeOf(group));
}

function blockOf(shared: NatAssignment, instance: number): PortBlock {
  const count = portsOfEach(shared);
  let before = 0;
  for (const { from, to } of shared.group) {
    if (instance <= to) return { first: OUTSIDE_PORT_MIN + (before + instance - from) * count, count };
    before += to - from + 1;
  }
  throw new RangeError(`instance ${instance} is not behind this NAT`);
}

/** The instance of which an outside port is. */
function sharerOf(shared: NatAssignment, port: number): number | undefined {
  let index = Math.floor((port - OUTSIDE_PORT_MIN) / portsOfEach(shared));
  if (index < 0) return undefined;
  for (const { from, to } of shared.group) {
    if (index <= to - from) return from + index;
    index -= to - from + 1;
  }
  return undefined;
}
