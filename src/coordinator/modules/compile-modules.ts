import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuildOptions, Message, Plugin } from 'esbuild';
import { libraryFile, packageDirectory } from '../../runtime/package-directory.js';
import { regularInputs } from '../../runtime/regular-inputs.js';

export interface CompiledModules {
  /** Every file that was compiled in, as an absolute path. */
  readonly inputs: readonly string[];
}

/** One message of the compiler, at its place. */
export interface CompileError {
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  readonly source?: string;
}

export type CompileResult =
  | { readonly ok: true; readonly compiled: CompiledModules }
  | { readonly ok: false; readonly errors: readonly CompileError[] };

/**
 * Compiles experiment modules into one CommonJS file with a source map. It exports `loaders`, one function for each
 * file, so that each file is evaluated on its own; `gumby` stays the one library that the thread has loaded already.
 */
export async function compileModules(files: readonly string[], outfile: string): Promise<CompileResult> {
  const { build } = await import('esbuild');
  try {
    const result = await build(optionsFor(files, outfile));
    const inputs = Object.keys(result.metafile?.inputs ?? {}).filter((input) => !input.startsWith('<'));
    return { ok: true, compiled: { inputs: inputs.map((input) => join(packageDirectory(), input)) } };
  } catch (error) {
    const { errors } = error as { errors?: readonly Message[] };
    if (errors === undefined) throw error;
    return { ok: false, errors: errors.map(compileError) };
  }
}

function optionsFor(files: readonly string[], outfile: string): BuildOptions {
  const loaders = files.map((file) => `() => require(${JSON.stringify(file)})`);
  return {
    stdin: { contents: `exports.loaders = [${loaders.join(', ')}];`, resolveDir: packageDirectory(), loader: 'js' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'linked',
    // The files are there to be opened; without their text the map is small enough to be read by every thread.
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
    absWorkingDir: packageDirectory(),
    // The user's own compiler options are for the editor: decorators must mean the same in every folder.
    // Communities are known by the names of their classes: two files may each have a class of one name.
    keepNames: true,
    tsconfigRaw: { compilerOptions: { target: 'es2023', useDefineForClassFields: true } },
    plugins: [gumbyImports, nativePackages, regularInputs],
  };
}

/** Resolves `gumby` and `gumby/modules/NAME`, wherever the importing file lies. */
const gumbyImports: Plugin = {
  name: 'gumby-imports',
  setup(build) {
    build.onResolve({ filter: /^gumby$/ }, () => ({ path: libraryFile(), external: true }));
    build.onResolve({ filter: /^gumby\/modules\// }, ({ path }) => {
      const name = path.slice('gumby/modules/'.length).replace(/\.[jt]s$/, '');
      const file = join(packageDirectory(), 'modules', `${name.replaceAll('-', '_')}.ts`);
      return existsSync(file)
        ? { path: file }
        : { errors: [{ text: `gumby has no module "${name}" (looked for ${file})` }] };
    });
  },
};

/** A package with native code finds its binary beside itself, so it is loaded from where it lies. */
const nativePackages: Plugin = {
  name: 'native-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === 'seen' || path.startsWith('node:') || path.startsWith('gumby')) return undefined;
      const resolved = await build.resolve(path, { ...options, pluginData: 'seen' });
      // What is not there is left to the compiler: a package may do without, if it asks for it within a `try`.
      if (resolved.errors.length > 0) return undefined;
      return isNative(resolved.path) ? { path: resolved.path, external: true } : resolved;
    });
  },
};

function isNative(file: string): boolean {
  if (file.endsWith('.node')) return true;
  const marker = file.lastIndexOf('/node_modules/');
  if (marker < 0) return false;
  for (let directory = dirname(file); directory.length > marker; directory = dirname(directory)) {
    const manifest = join(directory, 'package.json');
    if (!existsSync(manifest)) continue;
    const { gypfile, binary } = JSON.parse(readFileSync(manifest, 'utf8')) as { gypfile?: boolean; binary?: unknown };
    return gypfile === true || binary !== undefined || existsSync(join(directory, 'binding.gyp'));
  }
  return false;
}

function compileError({ text, location }: Message): CompileError {
  if (location === null) return { message: text };
  return {
    message: text,
    file: join(packageDirectory(), location.file),
    line: location.line,
    column: location.column + 1,
    source: location.lineText,
  };
}
