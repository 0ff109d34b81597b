import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from './gumby-cli.js';

/** Writes the scenario of `experiments/discovery`, over sooner; @returns its file */
export async function shorterDiscovery(directory: string, minimum: number): Promise<string> {
  const source = await readFile(join(REPOSITORY, 'experiments/discovery/discovery.scenario'), 'utf8');
  const times: Readonly<Record<string, string>> = {
    '@1-11': '@1-2',
    '@12-17': '@2.5',
    '@60': '@15',
    '@90-93': '@35',
    '@94-97': '@36',
    '@98-101': '@36.5',
  };
  const scenario = source
    .replace(/^@\S+/gm, (time) => times[time] ?? time)
    .replace('check_discovery 5', `check_discovery ${minimum}`);
  const file = join(directory, 'discovery.scenario');
  await writeFile(file, scenario);
  return file;
}

const WALKING_TIMES: Readonly<Record<string, string>> = {
  '@1-4': '@1',
  '@4.1': '@1.1',
  '@4.2-5': '@1.2',
  '@5-8': '@2',
  '@10-30': '@6-9',
  '@40-42': '@11',
  '@43-44': '@11.5',
  '@45-46': '@12',
  '@47': '@12.5',
};

/** Writes the scenario of `experiments/ipv8_walking`, over sooner; @returns its file */
export async function shorterWalking(directory: string, minimum: number): Promise<string> {
  const source = await readFile(join(REPOSITORY, 'experiments/ipv8_walking', 'ipv8_walking.scenario'), 'utf8');
  const file = join(directory, 'ipv8_walking.scenario');
  const scenario = source.replace(/^@\S+/gm, (time) => WALKING_TIMES[time] ?? time);
  const marks = '@3 annotate start-experiment\n@7 annotate half\n';
  await writeFile(file, scenario.replace('check_walking 5', `check_walking ${minimum}`) + marks);
  return file;
}
