/** Rejects with the signal's reason once it is aborted; never resolves. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  // The promise takes part in races: nobody may be listening any more when it rejects.
  aborted.catch(() => {});
  return aborted;
}
