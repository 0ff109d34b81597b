import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { Instance } from '../instance/instance.js';
import type { InstanceApi, InstanceEvent, InstanceInit, InstanceMessage } from '../instance/protocol.js';
import { UdpEndpoint } from '../network/udp-endpoint.js';
import { realClock } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';
import { serialiseError } from '../runtime/error-transfer.js';
import { createLogger, formatError, type LogSink } from '../runtime/logger.js';
import { framedPort } from '../runtime/framed-port.js';
import { InstanceGauges } from '../statistics/instance-gauges.js';
import { wantedReceiveBufferBytes } from '../network/receive-buffer.js';
import { captureOutput } from './capture-output.js';
import { ThreadGauges } from './thread-gauges.js';

/** Gives an instance this thread: its output, its clock, its socket, and the port to the coordinator. */
export function hostInstance(init: InstanceInit, port: MessagePort): void {
  const emit = (event: InstanceEvent) => {
    // The last word of an instance: what its gauges say now is what they will say for good.
    if (event.type === 'stopped') gauges.look();
    frames.post(event);
  };
  const output = captureOutput({
    ...init,
    onWriteError: (file, cause) => {
      const error = new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${file}: ${cause.message}`, { cause });
      emit({ type: 'fault', what: 'writing output', error: serialiseError(error) });
    },
  });
  const logSink: LogSink = (level, line) => output.printError(`${timeOf(instance)} ${level.toUpperCase()} ${line}`);
  const gauges = new ThreadGauges(new InstanceGauges(init.gauges), realClock);
  const receiveBufferBytes = wantedReceiveBufferBytes(init.instanceCount);
  const endpoint = new UdpEndpoint({
    logger: createLogger('endpoint', logSink),
    receiveBufferBytes,
  });
  gauges.watch(endpoint, receiveBufferBytes);
  const instance: Instance = new Instance(init, {
    clock: gauges.clock,
    endpoint,
    logSink,
    print: (line) => output.print(line),
    emit,
  });
  // A thread that crashes or exits by itself ends here.
  process.once('exit', () => {
    gauges.look();
    try {
      instance.closeStatistics();
    } catch (error) {
      output.printError(formatError(error));
    }
  });
  const frames = framedPort(port, {
    onMessage(data) {
      const message = data as InstanceMessage;
      if (message.type === 'look') gauges.look();
      else instance.receive(message);
    },
  });
  const api: InstanceApi = {
    setUp: () => instance.setUp(),
    receiveAllVars: (allVars, serverVars) => instance.receiveAllVars(allVars, serverVars),
    stop: () => instance.stop(),
  };
  expose(api, frames.calls);
}

function timeOf(instance: Instance): string {
  return Number.isFinite(instance.timeS) ? instance.timeS.toFixed(3) : '-';
}
