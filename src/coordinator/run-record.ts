import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GumbyError, toError } from '../runtime/errors.js';
import { machineFacts } from './machine-facts.js';
import { RUN_RECORD } from './output-directory.js';
import { packageVersion } from '../runtime/package-directory.js';
import type { LoadedExperiment } from './run-context.js';
import type { RunResult } from './run-result.js';

/** Beside the configuration; a report that is made elsewhere says when they are missing. */
const OWN_GRAPH_FILES = ['graphs.ts', 'graphs.json'];

/** Raised when a field changes its meaning or goes. */
const RUN_RECORD_VERSION = 1;

/**
 * Writes `run.json`: the configuration in effect, seed, versions and – once there is one – the result. The file is replaced in
 * one step, so that it is whole at every moment.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function writeRunRecord(
  outputDir: string,
  experiment: LoadedExperiment,
  result: RunResult | { readonly outcome: 'running'; readonly startedAt: string },
): void {
  const { config, seed } = experiment;
  const record = {
    version: RUN_RECORD_VERSION,
    experimentName: config.experimentName,
    ...result,
    seed,
    versions: {
      gumby: packageVersion(),
      node: process.versions.node,
      v8: process.versions.v8,
      platform: process.platform,
      arch: process.arch,
    },
    machine: machineFacts(),
    config: { confFile: config.confFile, scenarioFile: config.scenarioFile, options: config.variables },
    ownGraphFiles: OWN_GRAPH_FILES.filter((name) => existsSync(join(config.experimentDir, name))),
  };
  const file = join(outputDir, RUN_RECORD);
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${file}: ${toError(cause).message}`, { cause });
  }
}
