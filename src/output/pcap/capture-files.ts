/** The packets of a run's instances and trackers, with an interface for each of them. */
export const CAPTURE_FILE = 'packets.pcapng';

/** The part of the trackers, where they have a thread of their own. */
export const TRACKERS_CAPTURE_PART = 'packets-trackers.part';

/** A thread's part of the capture, until the run is over; it is a capture by itself. @param host - the thread's number */
export function capturePartFile(host: number): string {
  return `packets-${host + 1}.part`;
}

/** What the interface of an instance is called, or of a tracker, which have negative numbers. */
export function interfaceNameOf(entity: number): string {
  return entity > 0 ? `instance ${entity}` : `tracker ${-entity}`;
}
