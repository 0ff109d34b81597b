// Builds dist/: one bundle for the worker (which is also what `import … from 'gumby'` gives), one for the runner, one for
// the command line, one for experiments' own graphs, the script of the reports' pages, and the types of the public API.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  legalComments: 'none',
  keepNames: false,
};

rmSync('dist', { recursive: true, force: true });
await Promise.all([
  // CommonJS, because a worker thread starts from it in three quarters of the time that an ES module takes.
  build({
    ...shared,
    entryPoints: { gumby: 'src/worker/main.ts' },
    // A native library, which can only be loaded from where it is installed – and by require, for the code runs from a cache.
    external: ['libsql'],
    supported: { 'dynamic-import': false },
    format: 'cjs',
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
  }),
  build({
    ...shared,
    entryPoints: { worker: 'src/worker/bootstrap.ts' },
    format: 'cjs',
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
  }),
  build({
    ...shared,
    entryPoints: { cli: 'src/cli/main.ts', runner: 'src/runner.ts', graphs: 'src/graphs.ts' },
    format: 'esm',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    packages: 'external',
    outdir: 'dist',
  }),
  // Part of every report's page, so it is as small as it can be.
  build({
    ...shared,
    entryPoints: { 'report-page': 'src/report/page/browser/main.ts' },
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    sourcemap: false,
    outdir: 'dist',
  }),
]);
if (!process.argv.includes('--no-types'))
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
