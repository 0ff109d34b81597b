import type { CodeCaches, DescribeApi, ModuleBundle, ModuleLoadResult } from '../../protocol/module-protocol.js';
import type { Clock } from '../../runtime/clock.js';
import { serialiseError } from '../../runtime/error-transfer.js';
import { WorkerThread } from '../link/worker-thread.js';

export interface DescribedBundle {
  /** One result for each request, in order. */
  readonly results: readonly ModuleLoadResult[];
  /** The code caches; absent when the thread did not live to make them. */
  readonly codeCaches?: CodeCaches;
}

/** Evaluating modules takes milliseconds; a module that loops on load must not hold up the terminal for long. */
const DESCRIBE_LIMIT_MS = 10_000;

/**
 * Evaluates the modules of a bundle in a thread of their own, which a hostile module may ruin. When one does, each
 * module is tried by itself, to find out which one it is.
 */
export async function describeBundle(
  bundle: ModuleBundle,
  components: { readonly clock: Clock },
): Promise<DescribedBundle> {
  if (bundle.requests.length === 0) return { results: [] };
  const thread = new WorkerThread<DescribeApi>(
    { name: 'the thread that loads the modules', job: { job: 'describe', bundle } },
    components,
  );
  try {
    const results = await thread.call('loading the modules', DESCRIBE_LIMIT_MS, (api) => api.describe());
    const codeCaches = await thread.call('making the code caches', DESCRIBE_LIMIT_MS, (api) => api.codeCaches());
    return { results, codeCaches };
  } catch (thrown) {
    if (bundle.requests.length === 1) return { results: [{ ok: false, error: serialiseError(thrown) }] };
  } finally {
    await thread.terminate();
  }
  const results: ModuleLoadResult[] = [];
  for (const request of bundle.requests)
    results.push(...(await describeBundle({ file: bundle.file, requests: [request] }, components)).results);
  return { results };
}
