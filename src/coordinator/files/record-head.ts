import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentConfig } from '../../config/experiment-config.js';
import { OWN_GRAPH_FILES } from '../../output/own-graph-files.js';
import type { RunRecordHead } from '../../output/record/run-record.js';
import { RUN_RECORD_VERSION } from '../../output/record/run-record-file.js';
import { packageVersion } from '../../runtime/package-directory.js';
import { machineFacts } from '../instances/machine-facts.js';

/** The parts of an experiment that its record is made from. */
export interface RecordedExperiment {
  readonly config: Pick<
    ExperimentConfig,
    'experimentName' | 'experimentDir' | 'confFile' | 'scenarioFile' | 'graphs' | 'variables'
  >;
  readonly seed: string;
}

/** Makes the head of a record: the configuration in effect, seed, versions and machine. */
export function recordHeadOf({ config, seed }: RecordedExperiment): RunRecordHead {
  const { scenarioFile } = config;
  return {
    version: RUN_RECORD_VERSION,
    experimentName: config.experimentName,
    seed,
    versions: {
      gumby: packageVersion(),
      node: process.versions.node,
      v8: process.versions.v8,
      platform: process.platform,
      arch: process.arch,
    },
    machine: machineFacts(),
    config: {
      confFile: config.confFile,
      ...(scenarioFile === undefined ? {} : { scenarioFile }),
      graphs: config.graphs,
      options: config.variables,
    },
    ownGraphFiles: Object.values(OWN_GRAPH_FILES).filter((name) => existsSync(join(config.experimentDir, name))),
  };
}
