import { ALL_PEERS, type PeerSet, rangesOf } from '../runtime/peers/peer-set.js';
import { parsePeerSpec } from '../runtime/peers/peer-spec.js';
import { didYouMean } from '../runtime/suggestion.js';
import type { RunCommand } from './command.js';
import type { OptionReader } from './option-reader.js';
import type { Instances } from './read-instances.js';

const KEY = 'pcap';
const FORM = 'expected off, on for everybody, or some instances as a scenario names them: {3}, {1-5, 9}, {!2}';

/** Reads whose packets are captured; undefined when nobody's are. */
export function readCapture(
  reader: OptionReader,
  instances: Instances | undefined,
  trackerCommand: RunCommand,
): PeerSet | undefined {
  // A group of instances has commas of its own.
  const text = reader.whole(KEY).trim();
  if (text === 'off') return undefined;
  if (instances?.count === 0) {
    reader.warn(KEY, `${KEY} is "${text}", and no instances run in this process: nothing is captured`, 'leave it out');
    return undefined;
  }
  if (text === 'on') {
    if (trackerCommand.kind === 'shell')
      reader.warn(KEY, `${KEY} captures nothing of tracker_cmd, which is a process of its own`);
    return ALL_PEERS;
  }
  const group = /^\{([^{}]*)\}$/.exec(text)?.[1];
  if (group === undefined) {
    reader.complain(KEY, `${KEY} is "${text}"${didYouMean(text, ['off', 'on'])}`, FORM);
    return undefined;
  }
  return instances === undefined ? undefined : readGroup(reader, group, instances.count);
}

/** What is only a warning in a scenario is an error here: of an instance that is not there nothing would ever be captured. */
function readGroup(reader: OptionReader, group: string, instanceCount: number): PeerSet | undefined {
  const result = parsePeerSpec(group, instanceCount);
  const problem = result.ok ? result.warnings[0] : result.problem;
  if (problem !== undefined) {
    const hint = problem.hint ?? `this run has the instances 1 to ${instanceCount}`;
    reader.complain(KEY, `${KEY} is "{${group}}": ${problem.message}`, hint);
  }
  return result.ok ? { kind: 'some', ranges: rangesOf(result.peers, instanceCount) } : undefined;
}
