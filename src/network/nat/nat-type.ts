/** What can stand between an instance of the emulated network and everyone else. */
export const NAT_TYPES = ['none', 'full-cone', 'restricted', 'port-restricted', 'symmetric', 'firewall'] as const;

export type NatType = (typeof NAT_TYPES)[number];

/** How a NAT behaves, in the words of RFC 4787, sections 4.1 and 5. */
export interface NatBehaviour {
  /** What an outside port belongs to: an inside port, or an inside port and a destination. With `none` ports stay as they are. */
  readonly mapping: 'none' | 'endpoint-independent' | 'address-and-port-dependent';
  /** Whose packets come in: everyone's, or those of hosts, or of hosts and ports, that were sent to before. */
  readonly filtering: 'none' | 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';
}

export const NAT_BEHAVIOURS: Readonly<Record<NatType, NatBehaviour>> = {
  none: { mapping: 'none', filtering: 'none' },
  'full-cone': { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
  restricted: { mapping: 'endpoint-independent', filtering: 'address-dependent' },
  'port-restricted': { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' },
  symmetric: { mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' },
  firewall: { mapping: 'none', filtering: 'address-and-port-dependent' },
};

/** Whether an instance has another address outside than inside. */
export function translates(type: NatType): boolean {
  return NAT_BEHAVIOURS[type].mapping !== 'none';
}
