import { join } from 'node:path';
import { trackerEntity } from '../../network/emulated/entity-address.js';
import { mergeCaptures } from '../../output/pcap/merge-captures.js';
import type { CaptureInit } from '../../protocol/capture-protocol.js';
import { peersIn } from '../../runtime/peers/peer-set.js';
import type { RunContext } from './run-context.js';

/** What a thread captures of the run's packets; undefined where nothing is to be captured. @param part - the name of its file */
export function captureOf({ experiment, outputDir, time }: RunContext, part: string): CaptureInit | undefined {
  const { capture } = experiment.config;
  return capture && { file: join(outputDir, part), entities: capture, epochMs: time.epochMs };
}

/** Makes one file of what the threads have captured; they have ended. @throws GumbyError OUTPUT_WRITE_FAILED */
export function gatherCaptures({ experiment: { config }, outputDir }: RunContext): void {
  const { capture, instanceCount, tracker } = config;
  if (capture === undefined) return;
  const hasTrackers = capture.kind === 'all' && tracker.command.kind === 'built-in';
  const trackers = Array.from({ length: hasTrackers ? tracker.count : 0 }, (_, index) => trackerEntity(index));
  const entities = [...peersIn(capture, instanceCount), ...trackers];
  mergeCaptures({ outputDir, entities });
}
