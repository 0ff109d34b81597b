import { fileName } from './file-name.js';
import { EXPERIMENT_PREFIX, isOurs } from './our-names.js';
import type { WantedName } from './wanted-name.js';

/**
 * A name that an experiment chose. A name that is one of ours, whether or not this run uses it, gets `experiment-`
 * before it: so the two are never confused, and a metric has the same name in every run.
 * @param kind - where the name comes from, e.g. `gauge` or `log`
 */
export function experimentName(kind: string, ...parts: readonly string[]): WantedName {
  const stem = parts.map(fileName).join('-');
  return {
    stem: isOurs(stem) ? `${EXPERIMENT_PREFIX}${stem}` : stem,
    identity: JSON.stringify([kind, ...parts]),
    isExact: stem === parts.join('-'),
  };
}
