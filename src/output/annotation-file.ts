import { appendFileSync } from 'node:fs';
import { orWriteFailed } from './write-output-file.js';

/** The file lies in the instance's directory. */
export const ANNOTATIONS_FILE = 'annotations.csv';

/**
 * Adds a mark to an instance's `annotations.csv`: `12.000123,start-seeding`, without a header, as Gumby's scripts read it.
 * @param timeS - since the start of the scenario
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function appendAnnotation(path: string, timeS: number, text: string): void {
  orWriteFailed(path, () => appendFileSync(path, `${timeS.toFixed(6)},${field(text)}\n`));
}

/** The text in one line: readers read the file by lines, and a text of several lines could pass for further marks. */
function field(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  return /[",]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}
