import { createHash } from 'node:crypto';

/** A name of two such parts, with everything that is added to it, is one that every file system takes. */
const LENGTH_MAX = 80;

/**
 * Lower case with dashes, for the stem of a file's name: whatever the text is, the result leads to no other directory and is not too
 * long. Different texts may have the same file name; `ReportNames` tells them apart.
 */
export function fileName(text: string): string {
  const slug = text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (slug === '') return `unnamed-${shortHash(text)}`;
  return slug.length <= LENGTH_MAX ? slug : `${slug.slice(0, LENGTH_MAX)}-${shortHash(text)}`;
}

/** A short hash of a text, which is the same at any time and on any machine. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
