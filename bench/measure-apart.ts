import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measured } from './measure-instances.js';

/** Measures threads or instances in a process of its own, because memory that was used once is not given back. */
export async function measureApart(
  what: 'threads' | 'instances' | 'packed',
  count: number,
  walkS?: number,
): Promise<Measured> {
  const script = join(import.meta.dirname, 'measure-instances.ts');
  const args = [what, String(count), ...(walkS === undefined ? [] : [String(walkS)])];
  const { stdout } = await promisify(execFile)(process.execPath, ['--import=tsx', script, ...args]);
  return JSON.parse(stdout) as Measured;
}
