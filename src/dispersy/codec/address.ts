import type { Address } from '../../network/address.js';
import type { Codec } from './codec.js';

/** Four bytes IPv4 and two bytes port; `0.0.0.0:0` means none. */
export const address: Codec<Address> = {
  write(writer, { host, port }) {
    const parts = host.split('.');
    if (parts.length !== 4 || !parts.every((part) => OCTET.test(part)))
      throw new RangeError(`expected a numeric IPv4 address, got "${host}"`);
    for (const part of parts) writer.uint8(Number(part));
    writer.uint16(port);
  },
  read(reader) {
    const ip = reader.uint32();
    const port = reader.uint16();
    return { host: `${ip >>> 24}.${(ip >>> 16) & 0xff}.${(ip >>> 8) & 0xff}.${ip & 0xff}`, port };
  },
};

const OCTET = /^\d{1,3}$/;

/** Says what kind of address follows; IPv4 is the only kind that a socket here can reach. */
const IPV4_TYPE = 1;

/** An address led by its type, one byte, as in IPv8's new style messages. */
export const typedAddress: Codec<Address> = {
  write(writer, value) {
    writer.uint8(IPV4_TYPE);
    address.write(writer, value);
  },
  read(reader) {
    if (reader.uint8() !== IPV4_TYPE) reader.fail('unknown kind of address');
    return address.read(reader);
  },
};
