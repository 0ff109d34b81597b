/** An IPv4 address and UDP port. Hosts are numeric: nothing below this layer ever asks a name server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The address that stands for no address, also on the wire. */
export const NO_ADDRESS: Address = { host: '0.0.0.0', port: 0 };

/** `host:port`, for tables and people. */
export function addressKey(address: Address): string {
  return `${address.host}:${address.port}`;
}

export function sameAddress(one: Address, other: Address): boolean {
  return one.port === other.port && one.host === other.host;
}

/** Whether this is an IPv4 address in its usual form, as every socket takes it: four numbers from 0 to 255. */
export function isNumericHost(host: string): boolean {
  return NUMERIC_HOST.test(host);
}

const BYTE = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const NUMERIC_HOST = new RegExp(`^${BYTE}(\\.${BYTE}){3}$`);
