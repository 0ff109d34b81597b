/**
 * Keeps the process alive when its output cannot be written: the reader may have had enough (`| head -1`), the disk may
 * be full, the terminal may be gone. Then nothing more is printed, and everything else goes on. @param isProduct -
 * whether the command was called for the text on standard output: then losing it makes an exit code of 0 a 1, except
 * when the reader has read as much as they wanted.
 */
export function tolerateLostOutput({ isProduct }: { readonly isProduct: boolean }): void {
  let isLost = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isLost || error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
    isLost = true;
    process.stderr.write(`cannot write to standard output: ${error.message}; nothing more is printed there\n`);
  });
  process.stderr.on('error', () => {
    // There is nowhere left to report it.
  });
  process.on('exit', () => {
    if (isProduct && isLost && (process.exitCode ?? 0) === 0) process.exitCode = 1;
  });
}
