import { GumbyError, toError } from '../../runtime/errors.js';
import { readTextFile } from '../../runtime/read-text-file.js';
import { isPlainObject, merged } from './merge.js';
import type { Specification } from './specification.js';

/** Changes to specifications that an experiment wants. */
export interface GraphStyles {
  /** The changes to one graph, merged over those that are for all graphs. */
  of(name: string): Specification | undefined;
  /** The names of graphs for which there are changes, e.g. to find names that no graph has. */
  readonly names: readonly string[];
}

export const NO_STYLES: GraphStyles = { of: () => undefined, names: [] };

/** Reads the styles of an experiment. @throws GumbyError GRAPHS_INVALID naming the file, and what is wrong with it */
export function readStyles(file: string): GraphStyles {
  const refuse = (why: string, cause?: unknown) =>
    new GumbyError('GRAPHS_INVALID', `${file}: ${why}`, {
      context: { file },
      ...(cause === undefined ? {} : { cause }),
    });
  const result = readTextFile(file);
  if (!result.ok) throw refuse(`cannot be read: ${result.message}`, result.cause);
  let parsed: unknown;
  try {
    parsed = JSON.parse(result.text);
  } catch (error) {
    throw refuse(`cannot be read as JSON: ${toError(error).message}`, error);
  }
  if (!isPlainObject(parsed)) throw refuse('expected an object: { "graph name": part of its specification }');
  const wrong = Object.entries(parsed).find(([, value]) => !isPlainObject(value));
  if (wrong !== undefined) throw refuse(`"${wrong[0]}" is not an object`);
  // They are kept in a map, because a graph may have the name of something that every object has, e.g. `constructor`.
  const styles = new Map(Object.entries(parsed as Readonly<Record<string, Specification>>));
  const all = styles.get('*');
  return {
    of(name) {
      const own = styles.get(name);
      return all === undefined || own === undefined ? (own ?? all) : merged(all, own);
    },
    names: [...styles.keys()].filter((name) => name !== '*'),
  };
}

export function styled(specification: Specification, style: Specification | undefined): Specification {
  return style === undefined ? specification : merged(specification, style);
}
