import type { WrittenReport } from '../report/write-report.js';

/** Prints what is wrong with an experiment's own graphs. @returns whether nothing is wrong */
export function printProblems({ problems }: WrittenReport): boolean {
  for (const problem of problems) process.stderr.write(`error: ${problem}\n`);
  return problems.length === 0;
}
