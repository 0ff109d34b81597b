import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../runtime/diagnostic.js';
import { suggestionFor } from '../runtime/suggestion.js';
import { EventLineParser } from './event-line.js';
import { type ModuleReference, parseModuleReference } from './module-reference.js';
import { readSource, type SourceResult } from './read-source.js';
import type { Scenario, ScenarioPlace } from './scenario.js';
import { substitute, variablesIn } from './substitute.js';

export interface LoadScenarioInit {
  readonly file: string;
  readonly projectDir: string;
  readonly experimentDir: string;
  /** `ANY_INSTANCE_COUNT` for a scenario that is looked at without its configuration. */
  readonly instanceCount: number;
  /** Configuration options in upper case and environment variables: the values of `$NAME` where neither `set` nor `for` binds the name. */
  readonly variables: Readonly<Record<string, string>>;
  /** @default reading from disk */
  readonly read?: (file: string) => SourceResult;
}

/** Includes nested deeper than this are a mistake, not a structure. */
const INCLUDE_DEPTH_MAX = 64;
/** Two includes of a file that has two includes, and so on, would be read for years. */
const INCLUDES_MAX = 10_000;

/**
 * Reads a scenario and all that it includes, once for all instances. It never throws for what is in the files: everything
 * wrong with them stands in `diagnostics`, and only a scenario without an error among them may be run.
 */
export function loadScenario(init: LoadScenarioInit): Scenario {
  return new ScenarioLoader({ ...init, file: resolve(init.file) }).load();
}

class ScenarioLoader {
  readonly #init: LoadScenarioInit;
  readonly #read: (file: string) => SourceResult;
  readonly #modules: ModuleReference[] = [];
  readonly #diagnostics = new Map<string, Diagnostic>();
  readonly #eventLines: EventLineParser;
  #includes = 0;
  #isComplete = true;

  constructor(init: LoadScenarioInit) {
    this.#init = init;
    this.#read = init.read ?? readSource;
    this.#eventLines = new EventLineParser(init);
  }

  load(): Scenario {
    const { file, instanceCount } = this.#init;
    const source = this.#read(file);
    if (source.ok) this.#loadLines(file, source.lines, [file]);
    else {
      this.#isComplete = false;
      const message = `the scenario cannot be read: ${source.message}`;
      this.#report({ severity: 'error', message, file, ...(source.line !== undefined && { line: source.line }) });
    }
    const diagnostics = [...this.#diagnostics.values()];
    const isComplete = this.#isComplete && !this.#eventLines.isFull;
    return { file, modules: this.#modules, events: this.#eventLines.events, instanceCount, isComplete, diagnostics };
  }

  #loadLines(file: string, lines: readonly string[], chain: readonly string[]): void {
    for (const [index, source] of lines.entries()) {
      const text = source.trim();
      if (text === '' || text.startsWith('#')) continue;
      const place = { file, line: index + 1, column: source.indexOf(text) + 1, length: text.length, source };
      if (text.startsWith('&')) this.#loadDirective(text, place, chain);
      else for (const diagnostic of this.#eventLines.parse(text, place)) this.#report(diagnostic);
      if (this.#eventLines.isFull) return;
    }
  }

  #loadDirective(text: string, place: ScenarioPlace, chain: readonly string[]): void {
    const [name = '', gap = '', written = ''] = DIRECTIVE.exec(text)?.slice(1) ?? [];
    if (name !== 'module' && name !== 'include') {
      const suggestion = suggestionFor(name, ['module', 'include']);
      const hint = suggestion === undefined ? 'expected &module or &include' : `did you mean "&${suggestion}"?`;
      this.#complainOfGap({ ...place, length: name.length + 1 }, `unknown directive "&${name}"`, hint);
      return;
    }
    const column = place.column + 1 + name.length + gap.length;
    const argumentPlace = { ...place, column, length: Math.max(1, written.length) };
    const argument = this.#expandArgument(written, argumentPlace);
    if (argument === undefined) return;
    const missing = name === 'module' ? 'a module' : 'a file';
    if (argument === '') this.#complain(place, `&${name} needs ${missing}`, DIRECTIVE_HINTS[name]);
    else if (name === 'include') this.#include(argument, argumentPlace, chain);
    else {
      const reference = parseModuleReference(argument, argumentPlace);
      if (reference !== undefined) this.#modules.push(reference);
      else this.#complain(argumentPlace, `"${argument}" names no module`, DIRECTIVE_HINTS.module);
    }
  }

  /** Replaces the variables in the argument of a directive; undefined when the result is not the same for all instances. */
  #expandArgument(written: string, place: ScenarioPlace): string | undefined {
    const placeOf = (name: string, offset: number) => ({
      ...place,
      column: place.column + offset,
      length: name.length + 1,
    });
    const differing = variablesIn(written).find((name) => this.#eventLines.differs(name));
    if (differing !== undefined) {
      const hint = 'a file is loaded for all instances: set the variable without a PEERSPEC';
      const differs = `$${differing} is not the same for all instances`;
      this.#complain(placeOf(differing, written.indexOf(`$${differing}`)), differs, hint);
      return undefined;
    }
    const { text, unbound } = substitute(written, (name) => this.#eventLines.lookup(name));
    // The argument uses a variable that a missing file may have bound: nobody can say what it means.
    if (unbound.length > 0 && this.#eventLines.missesBindings) return undefined;
    for (const { name, offset } of unbound) {
      const message = `$${name} is bound to nothing and stays as it is`;
      this.#report({ severity: 'warning', message, ...placeOf(name, offset) });
    }
    return text.trim();
  }

  #include(name: string, place: ScenarioPlace, chain: readonly string[]): void {
    const { projectDir, experimentDir } = this.#init;
    const candidates = [
      ...new Set([dirname(place.file), projectDir, experimentDir].map((base) => resolve(base, name))),
    ];
    for (const candidate of candidates) {
      if (chain.includes(candidate)) {
        const circle = [...chain, candidate].join(' -> ');
        this.#complain(place, `the include goes round in a circle: ${circle}`);
        return;
      }
      const source = this.#read(candidate);
      if (source.ok) {
        this.#loadIncluded(candidate, source.lines, place, chain);
        return;
      }
      if (source.missing === true) continue;
      this.#complainOfGap(place, `the file "${name}" cannot be included: ${candidate}: ${source.message}`);
      return;
    }
    this.#complainOfGap(place, `there is no file "${name}" to include`, `looked for ${candidates.join(', ')}`);
  }

  #loadIncluded(file: string, lines: readonly string[], place: ScenarioPlace, chain: readonly string[]): void {
    this.#includes++;
    if (chain.length > INCLUDE_DEPTH_MAX)
      this.#complain(place, `includes are nested deeper than ${INCLUDE_DEPTH_MAX}: ${chain.join(' -> ')}`);
    else if (this.#includes > INCLUDES_MAX)
      this.#complain(place, `the scenario has more than ${INCLUDES_MAX} includes`);
    else this.#loadLines(file, lines, [...chain, file]);
  }

  /** Complains of a directive that might have bound variables. */
  #complainOfGap(place: ScenarioPlace, message: string, hint?: string): void {
    this.#eventLines.missesBindings = true;
    this.#complain(place, message, hint);
  }

  /** Complains of a directive, which therefore brings nothing of what it should. */
  #complain(place: ScenarioPlace, message: string, hint?: string): void {
    this.#isComplete = false;
    this.#report({ severity: 'error', message, ...place, ...(hint === undefined ? {} : { hint }) });
  }

  /** A mistake in a file that is included twice is reported once. */
  #report(diagnostic: Diagnostic): void {
    const { file, line = 0, column = 0, message } = diagnostic;
    const key = `${file}:${line}:${column}:${message}`;
    if (!this.#diagnostics.has(key)) this.#diagnostics.set(key, diagnostic);
  }
}

const DIRECTIVE = /^&(\S*)(\s*)(.*)$/;

const DIRECTIVE_HINTS = {
  module: 'write &module path.to.file.ClassName or &module ./file.ts#ClassName',
  include: 'write &include other.scenario',
} as const;
