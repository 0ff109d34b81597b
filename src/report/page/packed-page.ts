import { gzipSync } from 'node:zlib';
import type { AnyPageData, Packer } from './page-data.js';

/** Packs a page's data as base64 of gzip of three parts: the length of the JSON (32 bits, little-endian), the JSON, and the values. */
export function packedPage(page: AnyPageData, packer: Packer): string {
  const json = Buffer.from(JSON.stringify(page));
  // The values have to begin at an even offset.
  const padded = Buffer.concat([json, Buffer.from(' '.repeat(json.length % 2))]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  return gzipSync(Buffer.concat([length, padded, Buffer.from(packer.finish().buffer)])).toString('base64');
}
