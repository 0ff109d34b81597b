import type { Diagnostic } from '../runtime/diagnostic.js';
import type { LineProblem, Stretch } from '../runtime/line-problem.js';
import type { ScenarioPlace } from './scenario.js';
import { originalStretch, type SubstitutedText } from './substitute.js';

/**
 * Gathers what is wrong with one line. A loop and variables that differ by instance read a line many times: of the
 * complaints about one place, one of each severity is reported.
 */
export class LineReporter {
  failed = false;
  /**
   * A file or directive that could not be read may have bound variables of this line: an unbound variable is then no
   * reason to complain about the line.
   */
  readonly missesBindings: boolean;
  readonly #line: ScenarioPlace;
  #found: Map<string, Diagnostic> | undefined;
  #lastPlace: ScenarioPlace;

  /** @param line - the place of the trimmed line, from whose start offsets count */
  constructor(line: ScenarioPlace, missesBindings: boolean) {
    this.#line = line;
    this.#lastPlace = line;
    this.missesBindings = missesBindings;
  }

  /** The diagnostics in the order of their places. */
  get diagnostics(): readonly Diagnostic[] {
    if (this.#found === undefined) return [];
    return [...this.#found.values()].sort((a, b) => (a.column ?? 0) - (b.column ?? 0));
  }

  columnOf(offset: number): number {
    return this.#line.column + offset;
  }

  placeOf({ offset, length }: Stretch): ScenarioPlace {
    const column = this.columnOf(offset);
    // The rounds of a loop mostly ask for the same place: a million of them need not keep a million copies.
    if (this.#lastPlace.column !== column || this.#lastPlace.length !== length)
      this.#lastPlace = { ...this.#line, column, length };
    return this.#lastPlace;
  }

  error(problem: LineProblem): void {
    this.failed = true;
    this.#report('error', problem);
  }

  /** An error whose place in the file is known already. */
  errorAt({ column, length }: Pick<ScenarioPlace, 'column' | 'length'>, message: string, hint: string): void {
    this.error({ message, hint, offset: column - this.#line.column, length });
  }

  warning(problem: LineProblem): void {
    this.#report('warning', problem);
  }

  #report(severity: Diagnostic['severity'], problem: LineProblem): void {
    const key = `${severity} ${problem.offset}`;
    this.#found ??= new Map();
    if (this.#found.has(key)) return;
    const { message, hint } = problem;
    this.#found.set(key, { severity, message, ...this.placeOf(problem), ...(hint === undefined ? {} : { hint }) });
  }
}

/**
 * One reading of a line: its text with the variables replaced. A stretch of the text is reported at the place where it
 * stands in the file.
 */
export class LineReading {
  readonly text: string;
  readonly unbound: SubstitutedText['unbound'];
  readonly #expanded: SubstitutedText;
  readonly #reporter: LineReporter;

  constructor(expanded: SubstitutedText, reporter: LineReporter) {
    this.text = expanded.text;
    this.unbound = expanded.unbound;
    this.#expanded = expanded;
    this.#reporter = reporter;
  }

  /** The offset in the line as written up to which the first `length` characters reach. */
  originalEnd(length: number): number {
    const stretch = originalStretch(this.#expanded, { offset: 0, length });
    return stretch.offset + stretch.length;
  }

  placeOf(stretch: Stretch): ScenarioPlace {
    return this.#reporter.placeOf(originalStretch(this.#expanded, stretch));
  }

  columnOf(stretch: Stretch): Pick<ScenarioPlace, 'column' | 'length'> {
    const { offset, length } = originalStretch(this.#expanded, stretch);
    return { column: this.#reporter.columnOf(offset), length };
  }

  error(problem: LineProblem): void {
    const stretch = originalStretch(this.#expanded, problem);
    if (this.#reporter.missesBindings && this.#touchesUnbound(stretch)) this.#reporter.failed = true;
    else this.#reporter.error({ ...problem, ...stretch });
  }

  #touchesUnbound({ offset, length }: Stretch): boolean {
    return this.unbound.some((each) => each.offset < offset + length && each.offset + each.name.length >= offset);
  }
}
