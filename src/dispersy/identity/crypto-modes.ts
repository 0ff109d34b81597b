import type { CryptoMode } from '../../runtime/crypto-modes.js';
import type { Crypto } from './crypto.js';
import { ECCrypto } from './ec-crypto.js';
import { NoCrypto, NoVerifyCrypto } from './trusting-crypto.js';

/** Makes the crypto of each mode. */
export const CRYPTO_MODES: Readonly<Record<CryptoMode, () => Crypto>> = {
  ECCrypto: () => new ECCrypto(),
  NoVerifyCrypto: () => new NoVerifyCrypto(),
  NoCrypto: () => new NoCrypto(),
};
