import { resolve } from 'node:path';
import { parseSamples, type ReadSamples } from '../network/links/samples.js';
import { readTextFile } from '../runtime/read-text-file.js';

/** Reads files of measured latencies. @param directory - the directory that relative names start from */
export function samplesIn(directory: string): ReadSamples {
  return (name) => {
    const file = resolve(directory, name);
    const read = readTextFile(file);
    const hint = 'name a file beside the configuration: file:latencies.txt';
    if (!read.ok) return { ok: false, message: read.missing === true ? `there is no ${file}` : read.message, hint };
    const result = parseSamples(read.text);
    return result.ok ? result : { ...result, message: `${file}: ${result.message}` };
  };
}
