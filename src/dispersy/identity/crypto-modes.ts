import type { Crypto } from './crypto.js';
import { ECCrypto } from './ec-crypto.js';
import { NoCrypto, NoVerifyCrypto } from './trusting-crypto.js';

/** What a scenario or a configuration may choose. */
export type CryptoMode = 'ECCrypto' | 'NoVerifyCrypto' | 'NoCrypto';

export const CRYPTO_MODES: Readonly<Record<CryptoMode, () => Crypto>> = {
  ECCrypto: () => new ECCrypto(),
  NoVerifyCrypto: () => new NoVerifyCrypto(),
  NoCrypto: () => new NoCrypto(),
};
