import { CRYPTO_MODES } from '../dispersy/identity/crypto-modes.js';
import { Tracker } from '../dispersy/tracker.js';
import { AppendFiles } from '../host/append-files.js';
import { fileOutput } from '../host/file-output.js';
import type { InstanceOutput } from '../host/instance-output.js';
import { SocketMeter } from '../host/socket-meter.js';
import type { World } from '../host/world.js';
import type { TrackerApi, TrackersInit } from '../protocol/tracker-protocol.js';
import { createLogger, type LogSink } from '../runtime/logger.js';
import { seededRandom } from '../runtime/random.js';
import { stopAll } from '../runtime/startable.js';
import { trackerEntity } from '../network/emulated/entity-address.js';
import { InstanceGauges } from '../statistics/instance-gauges.js';

/** Where trackers print. A log that cannot be written changes nothing for the run: the results are in the instances' files. */
export function trackerOutput(init: TrackersInit): InstanceOutput {
  return fileOutput(init, new AppendFiles(), () => {});
}

/** Makes the built-in trackers of a run; they are started by a call. */
export function makeTrackers(init: TrackersInit, output: InstanceOutput, world: World): Omit<TrackerApi, 'go'> {
  const logSink: LogSink = (level, line) => output.stderr(`${level.toUpperCase()} ${line}\n`);
  const gauges = new InstanceGauges(init.gauges);
  const hosted = init.preferredPorts.map((preferredPort, index) => {
    const logger = createLogger(`tracker ${index + 1}`, logSink);
    const entity = trackerEntity(index);
    const endpoint = world.openEndpoint(entity, { logger });
    const random = seededRandom(init.seed, 'tracker', index);
    const crypto = CRYPTO_MODES[init.crypto]();
    const secrets = random.derive('keys');
    const secretsOf = (length: number) => secrets.bytes(length);
    const tracker = new Tracker({ endpoint, clock: world.clockOf(entity), random, logger, crypto, secretsOf });
    return { preferredPort, logger, endpoint, tracker };
  });
  const endpoints = hosted.map(({ endpoint }) => endpoint);
  const sockets = new SocketMeter(gauges, endpoints, world.trafficClockOf(trackerEntity(0)));
  for (const endpoint of endpoints) endpoint.onPacket(() => sockets.countNowAndThen());
  return {
    async start() {
      const addresses = [];
      for (const { endpoint, tracker, preferredPort, logger } of hosted) {
        const address = await endpoint.open({ preferredPort });
        tracker.start();
        logger.info(`listens on ${address.host}:${address.port}`);
        addresses.push(address);
      }
      return addresses;
    },
    async stop() {
      sockets.note();
      await stopAll(hosted.flatMap(({ endpoint, tracker }) => [{ stop: () => endpoint.close() }, tracker]));
    },
  };
}
