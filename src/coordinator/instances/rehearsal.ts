import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInstanceFiles } from '../../output/instance-files.js';
import type { CodeCache, ModuleBundle } from '../../protocol/module-protocol.js';
import type { RehearsalApi } from '../../protocol/rehearsal-protocol.js';
import { toError } from '../../runtime/errors.js';
import { builtInCommands } from '../../scenario/built-in-commands.js';
import { WorkerThread } from '../link/worker-thread.js';
import type { RunContext } from '../run/run-context.js';
import { planOf } from './instance-hosts.js';

/** From so many threads on, a rehearsal saves them more processor time than it takes. */
const WORTH_FROM_THREADS = 32;
/** A rehearsal takes a fraction of a second; a machine that is this much slower is better off without one. */
const LIMIT_MS = 5_000;
const NO_MODULES: ModuleBundle = { file: '', requests: [] };

/**
 * Makes the code cache with which the threads of instances load the library. V8 compiles a function when it is first
 * called: without a rehearsal each thread compiles the same functions anew, and hundreds of threads do so at the same
 * moment, when a command reaches them all for the first time.
 * @returns undefined when only a few threads would use it, or when the rehearsal fails, which is told
 */
export async function rehearse(run: RunContext): Promise<CodeCache | undefined> {
  if (planOf(run.experiment.config).threads < WORTH_FROM_THREADS) return undefined;
  try {
    const directory = await mkdtemp(join(tmpdir(), 'gumby-rehearsal-'));
    try {
      return await rehearseIn(directory, run);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  } catch (error) {
    run.onProgress({ type: 'note', message: `instances start more slowly: ${toError(error).message}` });
    return undefined;
  }
}

async function rehearseIn(directory: string, { experiment, clocks }: RunContext): Promise<CodeCache> {
  const { modules, seed } = experiment;
  const host = {
    ids: [1],
    instanceCount: 1,
    seed,
    bundle: NO_MODULES,
    builtInCommands,
    commands: [],
    options: {},
    trackers: [],
  };
  const instance = { id: 1, ...createInstanceFiles(directory, 1), preferredPort: 0 };
  const { libraryCache } = modules;
  const thread = new WorkerThread<RehearsalApi>(
    {
      name: 'the rehearsal',
      job: { job: 'rehearse', init: { host, instance } },
      ...(libraryCache === undefined ? {} : { libraryCache }),
    },
    { clock: clocks.machine },
  );
  try {
    return await thread.call('preparing the code of the library', LIMIT_MS, (api) => api.rehearse());
  } finally {
    await thread.terminate();
  }
}
