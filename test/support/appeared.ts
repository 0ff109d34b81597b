import { stat } from 'node:fs/promises';

/** Resolves when `file` is there: who makes it has come so far. */
export async function appeared(file: string): Promise<void> {
  while ((await stat(file).catch(() => undefined)) === undefined)
    await new Promise((resolve) => setTimeout(resolve, 5));
}
