import { createHash } from 'node:crypto';

/** Two of them, with all that is added to them, are a name that every file system takes. */
const LENGTH_MAX = 80;

/**
 * Lower case with dashes, for the stem of a file's name: whatever the text is, the result leads to no other directory and is not too
 * long. Texts that differ may have the same one; `ReportNames` tells them apart.
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

/** The same for a text whenever and wherever it is asked for. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
