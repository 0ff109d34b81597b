/** An IPv4 address and UDP port. Hosts are numeric: nothing below this layer ever asks a name server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The address that means *none*, also on the wire. */
export const NO_ADDRESS: Address = { host: '0.0.0.0', port: 0 };

/** `host:port`, for tables and people. */
export function addressKey(address: Address): string {
  return `${address.host}:${address.port}`;
}

export function sameAddress(one: Address, other: Address): boolean {
  return one.port === other.port && one.host === other.host;
}
