import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, resolve } from 'node:path';

/**
 * Makes the stacks of errors name the lines that the user wrote instead of those of the compiled file. Node can do this
 * itself, but then every thread reads the map when it loads the file; here it is read when a first stack is asked for.
 */
export function mapStacks(compiledFile: string): void {
  let map: SourceMap | undefined;
  const directory = dirname(compiledFile);
  const place = new RegExp(`(?:file://)?${escapeRegExp(compiledFile)}:(\\d+):(\\d+)`, 'g');
  Error.prepareStackTrace = (error, callSites) => {
    const frames = callSites.map((site) => `\n    at ${(site as { toString(): string }).toString()}`).join('');
    const stack = `${headerOf(error)}${frames}`;
    if (!stack.includes(compiledFile)) return stack;
    map ??= readMap(`${compiledFile}.map`);
    const loaded = map;
    return stack.replace(place, (generated, line: string, column: string) => {
      const entry = loaded.findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in entry)) return generated;
      return `${resolve(directory, entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
  };
}

/** An error may have a hostile `toString`, and its stack is asked for while something else goes wrong. */
function headerOf(error: Error): string {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}

function readMap(file: string): SourceMap {
  return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
