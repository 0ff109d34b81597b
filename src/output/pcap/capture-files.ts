import { readdirSync, statSync } from 'node:fs';

/** The packets of a run's instances and trackers, with an interface for each of them. */
export const CAPTURE_FILE = 'packets.pcapng';

/** The part of the trackers, where they have a thread of their own. */
export const TRACKERS_CAPTURE_PART = 'packets-trackers.part';

/** A thread's part of the capture, until the run is over; it is a capture by itself. @param host - the thread's number */
export function capturePartFile(host: number): string {
  return `packets-${host + 1}.part`;
}

/** A thread's part, whichever it is. */
const PART = /^packets-.+\.part$/;

/** The parts that the threads of a run have left in its output directory. */
export function captureParts(outputDir: string): readonly string[] {
  return readdirSync(outputDir)
    .filter((name) => PART.test(name))
    .sort();
}

/** Where a thread writes its part: a part that is there already is the part of a thread that has ended, and stays as it is. */
export function freshPart(part: string): string {
  let file = part;
  for (let life = 2; statSync(file, { throwIfNoEntry: false })?.isFile() === true; life++)
    file = part.replace(/\.part$/, `-${life}.part`);
  return file;
}

/** What the interface of an instance is called, or of a tracker, which have negative numbers. */
export function interfaceNameOf(entity: number): string {
  return entity > 0 ? `instance ${entity}` : `tracker ${-entity}`;
}
