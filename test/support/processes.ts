import { readdir, readFile } from 'node:fs/promises';

/** The command lines of running processes that contain a text. */
export async function processesWith(text: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.map((line) => line.replaceAll('\0', ' ')).filter((line) => line.includes(text));
}

/** The living children of a process, with their command lines. */
export async function childrenOf(parent: number): Promise<readonly (readonly [id: number, commandLine: string])[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const children = await Promise.all(
    ids.map(async (id) => {
      const stat = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => '');
      const [state, parentOf] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(parentOf) !== parent || state === 'Z') return undefined;
      return [
        Number(id),
        (await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '),
      ] as const;
    }),
  );
  return children.filter((child) => child !== undefined);
}
