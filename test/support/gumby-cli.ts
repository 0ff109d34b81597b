import { join } from 'node:path';
import { execa, type Options } from 'execa';

/** The checkout that the tests belong to. */
export const REPOSITORY = join(import.meta.dirname, '../..');

export interface CliResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as a user does, and waits for it. */
export async function gumby(args: readonly string[], options: Options = {}): Promise<CliResult> {
  const { exitCode, stdout, stderr } = await startGumby(args, options);
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

/** Starts the built command line; the caller may send it signals. */
export function startGumby(args: readonly string[], options: Options = {}) {
  return execa(process.execPath, [join(REPOSITORY, 'dist/cli.js'), ...args], {
    reject: false,
    timeout: 100_000,
    ...options,
    // Drawing graphs takes seconds; who tests them asks for them.
    env: { NO_COLOR: '1', GUMBY_REPORT: 'none', ...options.env },
  });
}
