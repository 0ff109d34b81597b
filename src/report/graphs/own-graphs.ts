import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GumbyError, toError } from '../../runtime/errors.js';
import { regularInputs } from '../../runtime/regular-inputs.js';
import { graphsLibraryFile } from '../../runtime/package-directory.js';
import type { ReportData } from '../report-data.js';
import { isPlainObject } from './merge.js';
import type { NamedGraph } from './named-graph.js';

/** The function that an experiment's file of graphs exports as `graphs`: a graph without data is left out. */
export type GraphsOfRun = (run: ReportData) => readonly NamedGraph[];

const NAME = /^[a-z0-9][\w-]{0,99}$/i;

/**
 * Compiles the file and calls its function.
 * @throws GumbyError GRAPHS_INVALID naming the file, and what is wrong with it
 */
export async function drawOwnGraphs(file: string, data: ReportData): Promise<readonly NamedGraph[]> {
  const directory = await mkdtemp(join(tmpdir(), 'gumby-graphs-'));
  try {
    const outfile = join(directory, 'graphs.mjs');
    await compile(file, outfile);
    const exported = (await import(pathToFileURL(outfile).href)) as { readonly graphs?: unknown };
    if (typeof exported.graphs !== 'function')
      throw new Error('exports no function "graphs": export const graphs: GraphsOfRun = (run) => [ … ]');
    const graphs: unknown = await (exported.graphs as (run: ReportData) => unknown)(data);
    return checked(graphs);
  } catch (cause) {
    const message = `${file}: ${toError(cause).message}`;
    throw new GumbyError('GRAPHS_INVALID', message, { context: { file }, cause });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function compile(file: string, outfile: string): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    absWorkingDir: dirname(file),
    tsconfigRaw: { compilerOptions: { target: 'es2023' } },
    plugins: [
      regularInputs,
      {
        name: 'gumby-graphs',
        setup(plugin) {
          const path = pathToFileURL(graphsLibraryFile()).href;
          plugin.onResolve({ filter: /^gumby\/graphs$/ }, () => ({ path, external: true }));
        },
      },
    ],
  });
}

function checked(graphs: unknown): readonly NamedGraph[] {
  if (!Array.isArray(graphs)) throw new Error('"graphs" gave no list of graphs');
  const names = new Set<string>();
  for (const [at, graph] of graphs.entries()) {
    if (!isPlainObject(graph)) throw new Error(`graph ${at + 1} is no object of name, title and specification`);
    const { name, title, specification } = graph;
    if (typeof name !== 'string' || !NAME.test(name))
      throw new Error(
        `graph ${at + 1} has the name ${JSON.stringify(name)}: expected up to 100 letters, digits, "-" and "_"`,
      );
    if (names.has(name)) throw new Error(`two graphs are called "${name}"`);
    names.add(name);
    if (typeof title !== 'string') throw new Error(`"${name}" has no title`);
    if (!isPlainObject(specification)) throw new Error(`"${name}" has no specification`);
  }
  return graphs as readonly NamedGraph[];
}
