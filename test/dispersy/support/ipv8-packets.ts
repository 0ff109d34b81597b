import { readFileSync } from 'node:fs';

interface Ipv8Packets {
  readonly community_id: string;
  readonly nodes: Readonly<Record<string, { private_key_bin: string; public_key_bin: string; mid: string }>>;
  readonly vectors: readonly {
    readonly name: string;
    readonly from: string;
    readonly hex: string;
    readonly global_time: number | null;
    readonly payload: Readonly<Record<string, unknown>>;
  }[];
  readonly must_reject: readonly { readonly name: string; readonly hex: string; readonly expect: string }[];
  readonly key_vectors: readonly {
    readonly private_key_bin: string;
    readonly public_key_bin: string;
    readonly mid: string;
    readonly message: string;
    readonly signature: string;
  }[];
}

/** Packets that Python IPv8 nodes sent, with their keys and fields; decoded and verified there by other code than ours. */
export const ipv8Packets = JSON.parse(
  readFileSync(new URL('../../fixtures/dispersy/ipv8-packets.json', import.meta.url), 'utf8'),
) as Ipv8Packets;

export function ipv8Packet(name: string) {
  const vector = ipv8Packets.vectors.find((each) => each.name === name);
  if (vector === undefined) throw new Error(`no packet "${name}" in the fixture`);
  return { ...vector, packet: Buffer.from(vector.hex, 'hex') };
}

export function ipv8Node(name: string) {
  const node = ipv8Packets.nodes[name];
  if (node === undefined) throw new Error(`no node "${name}" in the fixture`);
  return {
    ...node,
    privateKey: Buffer.from(node.private_key_bin, 'hex'),
    publicKey: Buffer.from(node.public_key_bin, 'hex'),
  };
}
