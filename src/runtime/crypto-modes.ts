/** How an overlay signs and verifies, by the names that configurations, scenarios and modules choose from. */
export const CRYPTO_MODE_NAMES = ['ECCrypto', 'NoVerifyCrypto', 'NoCrypto'] as const;

export type CryptoMode = (typeof CRYPTO_MODE_NAMES)[number];
