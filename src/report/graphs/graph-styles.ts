import { GumbyError, toError } from '../../runtime/errors.js';
import { readTextFile } from '../../runtime/read-text-file.js';
import { isPlainObject, merged } from './merge.js';
import type { Specification } from './specification.js';

/** Parts of specifications that an experiment wants to be otherwise. */
export interface GraphStyles {
  /** Of one graph, with what is for all of them beneath. */
  of(name: string): Specification | undefined;
  /** Graphs that are named, e.g. to find out which of them there are not. */
  readonly names: readonly string[];
}

export const NO_STYLES: GraphStyles = { of: () => undefined, names: [] };

/** @throws GumbyError GRAPHS_INVALID naming the file, and what is wrong with it */
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
  // A graph may be called as something that every object has, e.g. `constructor`.
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
