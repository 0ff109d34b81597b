/** How strong a member's key is; the names are Dispersy's. */
export type SecurityLevel = 'curve25519';

export interface PublicKey {
  /** The binary form, as it stands in packets; its SHA-1 is the member's `mid`. */
  readonly bytes: Buffer;
  /** Length of a signature in bytes, the same for every signature of this key. */
  readonly signatureLength: number;
  verify(data: Buffer, signature: Buffer): boolean;
}

export interface PrivateKey {
  /** The binary form; whoever has it is the member. */
  readonly bytes: Buffer;
  readonly publicKey: PublicKey;
  sign(data: Buffer): Buffer;
}

/** Makes keys and reads them from their binary forms. What it does not know gives `undefined`: bytes may come from anyone. */
export interface Crypto {
  generateKey(level: SecurityLevel): PrivateKey;
  publicKeyFrom(bytes: Buffer): PublicKey | undefined;
  privateKeyFrom(bytes: Buffer): PrivateKey | undefined;
}
