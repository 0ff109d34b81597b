import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {
  CAPTURE_FILE,
  captureParts,
  freshPart,
  capturePartFile,
  interfaceNameOf,
  TRACKERS_CAPTURE_PART,
} from '../../../src/output/pcap/capture-files.js';
import { readCapture } from '../../../src/output/pcap/capture-reader.js';
import { CaptureWriter } from '../../../src/output/pcap/capture-writer.js';
import { mergeCaptures } from '../../../src/output/pcap/merge-captures.js';
import type { CapturedPacket } from '../../../src/output/pcap/pcapng-blocks.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { packet } from './packets.js';

const ENTITIES = [1, 2, 3, 4, 5, -1, -2];
const INTERFACES = ['instance 1', 'instance 2', 'instance 3', 'instance 4', 'instance 5', 'tracker 1', 'tracker 2'];

interface Sighting {
  readonly entity: number;
  readonly packet: CapturedPacket;
}

/** Packets in the order in which a single thread would see them: in order of time, and of one time in any order. */
const sightings: fc.Arbitrary<readonly Sighting[]> = fc
  .array(fc.record({ entity: fc.constantFrom(...ENTITIES), packet }), { maxLength: 40 })
  .map((list) => [...list].sort((one, other) => one.packet.timeUs - other.packet.timeUs));

function writePart(file: string, list: readonly Sighting[]): void {
  const writer = new CaptureWriter(file);
  for (const { entity, packet: each } of list)
    writer.note({ ...each, interfaceId: writer.interfaceOf(interfaceNameOf(entity)) });
  writer.close();
}

test('however instances are spread over threads, the capture is the same, in order, and the parts are gone', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const captureOf = (list: readonly Sighting[], hosts: number, trackersApart: boolean): Buffer => {
    const isApart = ({ entity }: Sighting) => trackersApart && entity < 0;
    for (let host = 0; host < hosts; host++)
      writePart(
        join(outputDir, capturePartFile(host)),
        list.filter((each) => Math.abs(each.entity) % hosts === host && !isApart(each)),
      );
    if (trackersApart) writePart(join(outputDir, TRACKERS_CAPTURE_PART), list.filter(isApart));
    mergeCaptures({ outputDir, entities: ENTITIES });
    t.deepEqual(readdirSync(outputDir), [CAPTURE_FILE]);
    return readFileSync(join(outputDir, CAPTURE_FILE));
  };
  fc.assert(
    fc.property(sightings, (list) => {
      const one = captureOf(list, 1, false);
      const { interfaces, packets } = readCapture(join(outputDir, CAPTURE_FILE));
      t.deepEqual(interfaces, INTERFACES);
      // Sorting is stable: packets of one instance stay as they came.
      const ordered = [...list].sort(
        (a, b) => a.packet.timeUs - b.packet.timeUs || ENTITIES.indexOf(a.entity) - ENTITIES.indexOf(b.entity),
      );
      t.deepEqual(
        packets.map(({ payload, ...each }) => ({ ...each, payload: Uint8Array.from(payload) })),
        ordered.map(({ entity, packet: { interfaceId: _, ...each } }) => ({
          ...each,
          interfaceName: interfaceNameOf(entity),
        })),
      );
      for (const hosts of [2, 3, 5]) t.deepEqual(captureOf(list, hosts, hosts === 3), one);
    }),
    { numRuns: 40 },
  );
});

test('a run in which nobody sent anything has a capture with its interfaces', async (t) => {
  const outputDir = await temporaryDirectory(t);
  mergeCaptures({ outputDir, entities: [2, 5] });
  t.deepEqual(readCapture(join(outputDir, CAPTURE_FILE)), { interfaces: ['instance 2', 'instance 5'], packets: [] });
});

test('a packet that was cut off costs only itself', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const at = { host: '10.0.0.1', port: 1 };
  const each = { timeUs: 1, direction: 'inbound', source: at, destination: at, payload: Buffer.from('x') } as const;
  writePart(join(outputDir, capturePartFile(0)), [{ entity: 1, packet: { ...each, interfaceId: 0 } }]);
  appendFileSync(join(outputDir, capturePartFile(0)), Buffer.from('0600000040000000', 'hex'));
  writePart(join(outputDir, capturePartFile(1)), [{ entity: 2, packet: { ...each, timeUs: 2, interfaceId: 0 } }]);
  mergeCaptures({ outputDir, entities: [1, 2] });
  t.deepEqual(
    readCapture(join(outputDir, CAPTURE_FILE)).packets.map(({ interfaceName }) => interfaceName),
    ['instance 1', 'instance 2'],
  );
});

test('a thread that takes the place of one that has ended writes a part of its own, and nothing is lost', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const at = { host: '10.0.0.1', port: 1 };
  const each = { direction: 'inbound', source: at, destination: at, payload: Buffer.from('x'), interfaceId: 0 } as const;
  for (const timeUs of [1, 2, 3])
    writePart(freshPart(join(outputDir, capturePartFile(0))), [{ entity: 1, packet: { ...each, timeUs } }]);
  mergeCaptures({ outputDir, entities: [1] });
  const { packets } = readCapture(join(outputDir, CAPTURE_FILE));
  t.deepEqual(
    packets.map(({ timeUs }) => timeUs),
    [1, 2, 3],
  );
  t.deepEqual(captureParts(outputDir), []);
});

test('a capture that cannot be made is an error, and the parts stay', async (t) => {
  const outputDir = await temporaryDirectory(t);
  writePart(join(outputDir, capturePartFile(0)), []);
  mkdirSync(join(outputDir, CAPTURE_FILE));
  const error = t.throws(() => mergeCaptures({ outputDir, entities: [1] }), { instanceOf: GumbyError });
  t.is(error.code, 'OUTPUT_WRITE_FAILED');
  t.regex(error.message, /cannot write .*packets\.pcapng/);
  t.true(existsSync(join(outputDir, capturePartFile(0))));
});
