import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { CRYPTO_MODES } from '../dispersy/identity/crypto-modes.js';
import { Tracker } from '../dispersy/tracker.js';
import type { TrackerApi, TrackerThreadInit } from '../protocol/tracker-protocol.js';
import { createLogger, type LogSink } from '../runtime/logger.js';
import { framedPort } from '../runtime/framed-port.js';
import { seededRandom } from '../runtime/random.js';
import { stopAll } from '../runtime/startable.js';
import { InstanceGauges } from '../statistics/instance-gauges.js';
import { AppendFiles } from '../host/append-files.js';
import { captureOutput } from '../host/capture-output.js';
import { fileOutput } from '../host/file-output.js';
import type { HostEnvironment } from '../host/host-environment.js';
import { SocketMeter } from '../host/socket-meter.js';

/** Gives the built-in trackers of a run this thread. */
export function hostTracker(
  init: TrackerThreadInit,
  port: MessagePort,
  environment: Pick<HostEnvironment, 'clocks' | 'openEndpoint'>,
): void {
  // A tracker's log that cannot be written changes nothing for the run: the results are in the instances' files.
  const output = fileOutput(init, new AppendFiles(), () => {});
  captureOutput(output);
  const logSink: LogSink = (level, line) => output.stderr(`${level.toUpperCase()} ${line}\n`);
  const gauges = new InstanceGauges(init.gauges);
  const hosted = init.preferredPorts.map((preferredPort, index) => {
    const logger = createLogger(`tracker ${index + 1}`, logSink);
    const endpoint = environment.openEndpoint({ logger });
    const random = seededRandom(init.seed, 'tracker', index);
    const crypto = CRYPTO_MODES[init.crypto]();
    const tracker = new Tracker({ endpoint, clock: environment.clocks.experiment, random, logger, crypto });
    return { preferredPort, logger, endpoint, tracker };
  });
  const endpoints = hosted.map(({ endpoint }) => endpoint);
  const sockets = new SocketMeter(gauges, endpoints, environment.clocks.machine);
  for (const endpoint of endpoints) endpoint.onPacket(() => sockets.countNowAndThen());
  const api: TrackerApi = {
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
  expose(api, framedPort(port).calls);
}
