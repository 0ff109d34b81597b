import { isUnderNohup } from './nohup.js';

/** What the signals of a process ask of its run. */
export interface RunSignals {
  /** Aborted when the run is to end in order. */
  readonly stop: AbortSignal;
  /** Aborted when everything is to end at once. */
  readonly kill: AbortSignal;
  release(): void;
}

/**
 * SIGINT, SIGTERM and SIGHUP – the terminal is gone – end the run in order; a second signal ends it at once. SIGQUIT
 * ends the run at once: its sender does not want to wait, but everything that the run has started must end, and its
 * record be written. Under `nohup` a run goes on without its terminal.
 */
export function watchRunSignals(): RunSignals {
  const stop = new AbortController();
  const kill = new AbortController();
  const onStop = () => {
    if (stop.signal.aborted) kill.abort();
    else {
      process.stderr.write('stopping; once more to kill\n');
      stop.abort();
    }
  };
  const onQuit = () => {
    stop.abort();
    kill.abort();
  };
  const onHangup = isUnderNohup() ? () => process.stderr.write('the terminal is gone; the run goes on\n') : onStop;
  const listeners = { SIGINT: onStop, SIGTERM: onStop, SIGHUP: onHangup, SIGQUIT: onQuit };
  for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
  return {
    stop: stop.signal,
    kill: kill.signal,
    release: () => {
      for (const [signal, listener] of Object.entries(listeners)) process.off(signal, listener);
    },
  };
}
