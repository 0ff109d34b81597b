import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { CRYPTO_MODES } from '../dispersy/identity/crypto-modes.js';
import { Tracker } from '../dispersy/tracker.js';
import type { TrackerApi, TrackerInit } from '../instance/protocol.js';
import { UdpEndpoint } from '../network/udp-endpoint.js';
import { realClock } from '../runtime/clock.js';
import { createLogger, type LogSink } from '../runtime/logger.js';
import { framedPort } from '../runtime/framed-port.js';
import { seededRandom } from '../runtime/random.js';
import { stopAll } from '../runtime/startable.js';
import { InstanceGauges } from '../statistics/instance-gauges.js';
import { ThreadGauges } from './thread-gauges.js';
import { captureOutput } from './capture-output.js';

/** Gives the built-in trackers of a run this thread. */
export function hostTracker(init: TrackerInit, port: MessagePort): void {
  // A tracker's log that cannot be written changes nothing for the run: what matters is in the instances' files.
  const output = captureOutput({ ...init, onWriteError: () => {} });
  const logSink: LogSink = (level, line) => output.printError(`${level.toUpperCase()} ${line}`);
  const gauges = new ThreadGauges(new InstanceGauges(init.gauges), realClock);
  const hosted = init.preferredPorts.map((preferredPort, index) => {
    const logger = createLogger(`tracker ${index + 1}`, logSink);
    const endpoint = new UdpEndpoint({ logger });
    gauges.watch(endpoint);
    const random = seededRandom(init.seed, 'tracker', index);
    const crypto = CRYPTO_MODES[init.crypto]();
    const tracker = new Tracker({ endpoint, clock: realClock, random, logger, crypto });
    return { preferredPort, logger, endpoint, tracker };
  });
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
      gauges.look();
      await stopAll(hosted.flatMap(({ endpoint, tracker }) => [{ stop: () => endpoint.close() }, tracker]));
    },
  };
  expose(api, framedPort(port).calls);
}
