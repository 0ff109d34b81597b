import type { InstanceVars } from 'gumby';

/** A candidate, as far as it is known. */
export interface KnownPeer {
  /** `host:port`. */
  readonly key: string;
  readonly member: { readonly publicKey: Buffer } | undefined;
}

export interface PeerNumbers {
  /** The numbers of the instances among the candidates, ascending, each once. */
  readonly numbers: readonly number[];
  /** The addresses of candidates that are no instances, such as other programs in the overlay. */
  readonly strangers: readonly string[];
}

/**
 * Finds the instances among candidates by the variables that all instances have published: the public key is certain;
 * an instance that uses another key in an overlay is known by its address. A port alone says nothing, because an
 * instance gets another one when its own is taken.
 */
export function peerNumbersOf(
  candidates: readonly KnownPeer[],
  allVars: Readonly<Record<number, Readonly<InstanceVars>>>,
): PeerNumbers {
  const byKey = new Map<string, number>();
  const byAddress = new Map<string, number>();
  for (const [id, { public_key: publicKey, host, port }] of Object.entries(allVars)) {
    if (typeof publicKey === 'string' && publicKey !== '') byKey.set(publicKey, Number(id));
    if (typeof host === 'string' && typeof port === 'number') byAddress.set(`${host}:${port}`, Number(id));
  }
  const numbers = new Set<number>();
  const strangers = new Set<string>();
  for (const { key, member } of candidates) {
    const number = byKey.get(member?.publicKey.toString('base64') ?? '') ?? byAddress.get(key);
    if (number === undefined) strangers.add(key);
    else numbers.add(number);
  }
  return { numbers: [...numbers].sort((one, other) => one - other), strangers: [...strangers].sort() };
}
