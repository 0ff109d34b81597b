/**
 * Nothing that happens to what is printed may end the process: who reads it may have had enough (`| head -1`), the disk that it goes to
 * may be full, the terminal may be gone. Then nothing more is printed, and everything else goes on.
 * @param isProduct - whether what stands on standard output is what the command was called for: then its loss makes an exit code of 0 a
 * 1. Not when somebody has read as much as they wanted.
 */
export function tolerateLostOutput({ isProduct }: { readonly isProduct: boolean }): void {
  let isLost = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isLost || error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
    isLost = true;
    process.stderr.write(`cannot write to standard output: ${error.message}; nothing more is printed there\n`);
  });
  process.stderr.on('error', () => {
    // There is nowhere left to say so.
  });
  process.on('exit', () => {
    if (isProduct && isLost && (process.exitCode ?? 0) === 0) process.exitCode = 1;
  });
}
