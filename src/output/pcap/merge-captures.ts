import { join } from 'node:path';
import { inOrder } from '../in-order.js';
import { mergeParts } from '../merge-parts.js';
import { CAPTURE_FILE, captureParts, interfaceNameOf } from './capture-files.js';
import { packetBlocksOf } from './capture-reader.js';
import { interfaceDescription, moveToInterface, sectionHeader } from './pcapng-blocks.js';

export interface MergeCapturesInit {
  readonly outputDir: string;
  /** The instances and trackers whose packets were captured; they are the interfaces, in this order. */
  readonly entities: readonly number[];
}

const BATCH_BYTES = 1 << 18;

/**
 * Makes one capture of the threads' parts, in order of time, of one time in order of interfaces, and of one interface in
 * the order in which its packets came: none of it depends on the number of threads.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function mergeCaptures({ outputDir, entities }: MergeCapturesInit): void {
  const parts = captureParts(outputDir).map((name) => join(outputDir, name));
  const interfaces = entities.map(interfaceNameOf);
  mergeParts(join(outputDir, CAPTURE_FILE), parts, (written) => batched(merged(interfaces, written)));
}

function* merged(interfaces: readonly string[], parts: readonly string[]): Generator<Buffer> {
  const ids = new Map(interfaces.map((name, index) => [name, index]));
  yield sectionHeader();
  for (const name of interfaces) yield interfaceDescription(name);
  const sequences = parts.map((part) => sorted(part, ids));
  for (const { bytes, interfaceId } of inOrder(sequences, comesBefore)) {
    moveToInterface(bytes, interfaceId);
    yield bytes;
  }
}

interface Sighting {
  readonly timeUs: number;
  readonly interfaceId: number;
  readonly bytes: Buffer;
}

/**
 * The packets of a part, which are in order of time, with those of one microsecond in order of interfaces. Only the
 * packets of one microsecond are in memory; whoever sent them had them there as well.
 */
function* sorted(part: string, ids: ReadonlyMap<string, number>): Generator<Sighting> {
  let moment: Sighting[] = [];
  for (const { interfaceName, timeUs, bytes } of packetBlocksOf(part)) {
    const interfaceId = ids.get(interfaceName);
    if (interfaceId === undefined) throw new Error(`${part} has packets of ${interfaceName}, which nobody asked for`);
    if (moment.length > 0 && moment[0]?.timeUs !== timeUs) {
      yield* byInterface(moment);
      moment = [];
    }
    moment.push({ timeUs, interfaceId, bytes });
  }
  yield* byInterface(moment);
}

/** The sort is stable: packets of one interface stay as they came. */
function byInterface(moment: Sighting[]): readonly Sighting[] {
  return moment.sort((one, other) => one.interfaceId - other.interfaceId);
}

function comesBefore(one: Sighting, other: Sighting): boolean {
  return one.timeUs === other.timeUs ? one.interfaceId < other.interfaceId : one.timeUs < other.timeUs;
}

/** Puts small pieces together, as each write is a call of the system. */
function* batched(pieces: Iterable<Buffer>): Generator<Buffer> {
  const batch = Buffer.allocUnsafe(BATCH_BYTES);
  let length = 0;
  for (const piece of pieces) {
    if (length + piece.length > BATCH_BYTES) {
      yield batch.subarray(0, length);
      length = 0;
    }
    length += piece.copy(batch, length);
  }
  yield batch.subarray(0, length);
}
