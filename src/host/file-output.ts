import type { InstanceInit } from '../protocol/host-protocol.js';
import type { AppendFiles } from './append-files.js';
import type { InstanceOutput } from './instance-output.js';

/** Writes the two streams of an instance to its files `00003.out` and `00003.err`. A file that cannot be written is reported once. */
export function fileOutput(
  { stdoutFile, stderrFile }: Pick<InstanceInit, 'stdoutFile' | 'stderrFile'>,
  files: AppendFiles,
  onWriteError: (file: string, error: Error) => void,
): InstanceOutput {
  const writer = (path: string) => {
    let failed = false;
    return (chunk: string | Uint8Array): void => {
      if (failed) return;
      try {
        files.append(path, chunk);
      } catch (error) {
        failed = true;
        onWriteError(path, error as Error);
      }
    };
  };
  return { stdout: writer(stdoutFile), stderr: writer(stderrFile) };
}
