/** Where instances live: a thread each, or as many threads as there are cores. What does not depend on time is the same. */
export const BOTH_WAYS = [
  { way: 'a thread each', options: ['--set', 'instances_per_worker=1'] },
  { way: 'packed', options: ['--set', 'instances_per_worker=auto'] },
] as const;
