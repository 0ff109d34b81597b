import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../runtime/diagnostic.js';
import { suggestionFor } from '../runtime/suggestion.js';
import { EventLineParser } from './event-line.js';
import { type ModuleReference, parseModuleReference } from './module-reference.js';
import { readSource, type SourceResult } from './read-source.js';
import type { Scenario, ScenarioEvent, ScenarioPlace } from './scenario.js';
import { substitute } from './substitute.js';

export interface LoadScenarioInit {
  /** Absolute. */
  readonly file: string;
  readonly projectDir: string;
  readonly experimentDir: string;
  readonly instanceCount: number;
  /** Configuration options in upper case and environment variables: what `$NAME` finds when no `set` and no `for` binds it. */
  readonly variables: Readonly<Record<string, string>>;
  /** @default reading from disk */
  readonly read?: (file: string) => SourceResult;
}

/** Includes nested deeper than this are a mistake, not a structure. */
const INCLUDE_DEPTH_MAX = 64;

/**
 * Reads a scenario and all that it includes, once for all instances. It never throws for what is in the files: everything
 * wrong with them stands in `diagnostics`.
 */
export function loadScenario(init: LoadScenarioInit): Scenario {
  return new ScenarioLoader(init).load();
}

class ScenarioLoader {
  readonly #init: LoadScenarioInit;
  readonly #read: (file: string) => SourceResult;
  readonly #events: ScenarioEvent[] = [];
  readonly #modules: ModuleReference[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #eventLines: EventLineParser;

  constructor(init: LoadScenarioInit) {
    this.#init = init;
    this.#read = init.read ?? readSource;
    this.#eventLines = new EventLineParser(init, this.#events, this.#diagnostics);
  }

  load(): Scenario {
    const { file, instanceCount } = this.#init;
    const source = this.#read(file);
    if (source.ok) this.#loadLines(file, source.lines, [file]);
    else this.#diagnostics.push({ severity: 'error', message: `the scenario cannot be read: ${source.message}`, file });
    return { file, modules: this.#modules, events: this.#events, instanceCount, diagnostics: this.#diagnostics };
  }

  #loadLines(file: string, lines: readonly string[], chain: readonly string[]): void {
    for (const [index, source] of lines.entries()) {
      const text = source.trim();
      if (text === '' || text.startsWith('#')) continue;
      const place = { file, line: index + 1, column: source.indexOf(text) + 1, length: text.length, source };
      if (text.startsWith('&')) this.#loadDirective(text, place, chain);
      else this.#eventLines.parse(text, place);
    }
  }

  #loadDirective(text: string, place: ScenarioPlace, chain: readonly string[]): void {
    const [, name = '', gap = '', written = ''] = DIRECTIVE.exec(text) ?? [];
    const { text: argument } = substitute(written, (variable) => this.#eventLines.lookup(variable));
    const argumentPlace = {
      ...place,
      column: place.column + 1 + name.length + gap.length,
      length: Math.max(1, written.length),
    };
    if (name !== 'module' && name !== 'include') {
      const suggestion = suggestionFor(name, ['module', 'include']);
      const hint = suggestion === undefined ? 'expected &module or &include' : `did you mean "&${suggestion}"?`;
      this.#complain({ ...place, length: name.length + 1 }, `unknown directive "&${name}"`, hint);
    } else if (argument === '') {
      this.#complain(place, `&${name} needs ${name === 'module' ? 'a module' : 'a file'}`, DIRECTIVE_HINTS[name]);
    } else if (name === 'module') {
      const reference = parseModuleReference(argument, argumentPlace);
      if (reference === undefined) this.#complain(argumentPlace, `"${argument}" names no module`, DIRECTIVE_HINTS.module);
      else this.#modules.push(reference);
    } else this.#include(argument, argumentPlace, chain);
  }

  #include(name: string, place: ScenarioPlace, chain: readonly string[]): void {
    const { projectDir, experimentDir } = this.#init;
    const candidates = [...new Set([dirname(place.file), projectDir, experimentDir].map((base) => resolve(base, name)))];
    let failure = `it is not there (looked for ${candidates.join(', ')})`;
    for (const candidate of candidates) {
      if (chain.includes(candidate)) {
        this.#complain(place, `the include goes round in a circle: ${[...chain, candidate].join(' -> ')}`);
        return;
      }
      const source = this.#read(candidate);
      if (source.ok) {
        if (chain.length >= INCLUDE_DEPTH_MAX) this.#complain(place, `includes are nested deeper than ${INCLUDE_DEPTH_MAX}`);
        else this.#loadLines(candidate, source.lines, [...chain, candidate]);
        return;
      }
      if (source.message !== 'it is not there') failure = `${candidate}: ${source.message}`;
    }
    this.#complain(place, `the file "${name}" cannot be included: ${failure}`);
  }

  #complain(place: ScenarioPlace, message: string, hint?: string): void {
    this.#diagnostics.push({ severity: 'error', message, ...place, ...(hint === undefined ? {} : { hint }) });
  }
}

const DIRECTIVE = /^&(\S*)(\s*)(.*)$/;

const DIRECTIVE_HINTS = {
  module: 'write &module path.to.file.ClassName or &module ./file.ts#ClassName',
  include: 'write &include other.scenario',
} as const;
