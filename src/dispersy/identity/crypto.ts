/** How strong a member's key is, weakest first; the names are Dispersy's, `curve25519` is what everyone uses today. */
export const SECURITY_LEVELS = ['very-low', 'low', 'medium', 'high', 'curve25519'] as const;

export type SecurityLevel = (typeof SECURITY_LEVELS)[number];

export interface PublicKey {
  /** The binary form of the key, as in packets; its SHA-1 is the member's `mid`. */
  readonly bytes: Buffer;
  /** Length of a signature in bytes, the same for every signature of this key. */
  readonly signatureLength: number;
  /** Checks a signature. It never throws: a signature, and a key that came in a packet, may be any bytes. */
  verify(data: Buffer, signature: Buffer): boolean;
}

export interface PrivateKey {
  /** The binary form of the private key; whoever has it can sign as the member. */
  readonly bytes: Buffer;
  readonly publicKey: PublicKey;
  sign(data: Buffer): Buffer;
}

/** Gives this many bytes to make a key of. */
export type SecretSource = (length: number) => Buffer;

/** Makes keys and reads them from their binary forms. The result for bytes that are no key is undefined: bytes may come from anyone. */
export interface Crypto {
  /** @param secretsOf - gives this many bytes that nobody else knows. @default bytes of the system's own chance */
  generateKey(level: SecurityLevel, secretsOf?: SecretSource): PrivateKey;
  publicKeyFrom(bytes: Buffer): PublicKey | undefined;
  privateKeyFrom(bytes: Buffer): PrivateKey | undefined;
}
