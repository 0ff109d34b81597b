import type { Parsed, Refusal } from './parsed.js';

/** Reads measured values by the name of their file, which lies beside the configuration. */
export type ReadSamples = (name: string) => Parsed<readonly number[]>;

/** What stands before the name of a file of samples. */
export const SAMPLES_PREFIX = 'file:';

const FORM = 'write a number of milliseconds into each line; # begins a comment';

/** Reads measured values: milliseconds, one in a line, in any order. @returns them, ascending */
export function parseSamples(text: string): Parsed<readonly number[]> {
  const values: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const written = line.replace(/#.*/, '').trim();
    if (written === '') continue;
    const value = Number(written);
    if (!(value >= 0 && value < Infinity)) return refusal(`line ${index + 1} is "${written}"`);
    values.push(value);
  }
  if (values.length === 0) return refusal('there is no number in it');
  return { ok: true, value: values.sort((one, other) => one - other) };
}

/** Where nobody can read files. */
export function noSamples(): Refusal {
  return refusal('files of samples are read for configurations and scenarios only');
}

function refusal(message: string): Refusal {
  return { ok: false, message, hint: FORM };
}
