import { execFileSync } from 'node:child_process';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';

/** Reads fields of all packets of a capture, a row a packet. */
export type ReadFields = (file: string, fields: readonly string[]) => Promise<readonly (readonly string[])[]>;

/** Wireshark's reader for the terminal; undefined where it is not installed. */
export function tshark(t: ExecutionContext): ReadFields | undefined {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
  } catch {
    t.log('not tried with tshark: it is not installed here (Debian: apt-get install tshark)');
    return undefined;
  }
  return async (file, fields) => {
    const checks = ['ip', 'udp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);
    const wanted = fields.flatMap((field) => ['-e', field]);
    const { stdout } = await execa('tshark', ['-r', file, ...checks, '-T', 'fields', ...wanted]);
    return stdout.split('\n').map((line) => line.split('\t'));
  };
}
