// Makes a checkout ready to run: installs the dependencies when package-lock.json asks for others than are there, and
// builds dist/ when a source is newer than it. Runs before `npm start` and `npm test`, and does nothing when nothing is to do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(new URL('..', import.meta.url).pathname);

once('node_modules/.gumby-installed', ['package-lock.json'], ['npm', 'ci', '--no-audit', '--no-fund']);
once(
  'dist/.gumby-built',
  ['package-lock.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts', 'src', 'modules'],
  [process.execPath, 'scripts/build.mjs'],
);

/** Runs the command unless it has been run for exactly these inputs. */
function once(stamp, inputs, [command, ...args]) {
  const digest = digestOf(inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  console.error(`> ${[command, ...args].join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, digest);
}

function digestOf(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesUnder).sort())
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  const entries = path.includes('.') ? undefined : readdirSync(path, { recursive: true, withFileTypes: true });
  return entries === undefined
    ? [path]
    : entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
