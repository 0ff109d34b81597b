import { resolve } from 'node:path';
import { parseSamples, type ReadSamples } from '../network/links/samples.js';
import { readTextFile } from '../runtime/read-text-file.js';

/** Reads files of measured latencies. @param directory - the directory that relative names start from */
export function samplesIn(directory: string): ReadSamples {
  // A line in a loop names the same file again and again.
  const known = new Map<string, ReturnType<ReadSamples>>();
  return (name) => {
    const result = known.get(name) ?? readFile(resolve(directory, name));
    known.set(name, result);
    return result;
  };
}

function readFile(file: string): ReturnType<ReadSamples> {
  const read = readTextFile(file);
  const hint = 'name a file beside the configuration: file:latencies.txt';
  if (!read.ok) return { ok: false, message: read.missing === true ? `there is no ${file}` : read.message, hint };
  const result = parseSamples(read.text);
  return result.ok ? result : { ...result, message: `${file}: ${result.message}` };
}
