import type { Diagnostic } from '../runtime/diagnostic.js';
import { splitShellWords } from '../runtime/shell-words.js';
import { parsePeerSpec, type SpecError } from './peer-spec.js';
import { ALL_PEERS, type PeerSet } from './peer-set.js';
import type { ArgumentWord, EventTime, ScenarioEvent, ScenarioPlace } from './scenario.js';
import { substitute, type SubstitutedText, variablesIn } from './substitute.js';
import { parseTimeSpec } from './time-spec.js';
import { ScenarioVariables } from './variables.js';

export interface EventLineContext {
  readonly instanceCount: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** A scenario of more events than this does not come from a person: a loop's bound has a digit too many. */
const EVENTS_MAX = 1_000_000;

/** A part of a line, and where in the line it begins. */
interface Part {
  readonly text: string;
  readonly offset: number;
}

/** The loop of a `for` line. */
interface Loop {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** `TIMESPEC COMMAND [ARG ...] [{PEERSPEC}]` and `TIMESPEC for …`: turns lines into events, and keeps what `set` binds. */
export class EventLineParser {
  readonly #context: EventLineContext;
  readonly #bound: ScenarioVariables;
  readonly #events: ScenarioEvent[];
  readonly #diagnostics: Diagnostic[];

  constructor(context: EventLineContext, events: ScenarioEvent[], diagnostics: Diagnostic[]) {
    this.#context = context;
    this.#bound = new ScenarioVariables(context.instanceCount);
    this.#events = events;
    this.#diagnostics = diagnostics;
  }

  /** What a variable is for every instance: for the lines that are not for some of them. */
  lookup(name: string): string | undefined {
    return this.#bound.groups([], ALL_PEERS)[0]?.lookup(name) ?? this.#configured(name);
  }

  /** @param place - of the trimmed line `text` */
  parse(text: string, place: ScenarioPlace): void {
    const line = new LineReporter(place, this.#diagnostics);
    const [timeWord = '', gap = ''] = /^(\S+)(\s*)/.exec(text)?.slice(1) ?? [];
    const time = this.#parseTime(timeWord, line);
    const rest = { text: text.slice(timeWord.length + gap.length), offset: timeWord.length + gap.length };
    const { call, spec } = splitPeerSpec(rest);
    if (call.text === '') {
      line.error({ offset: 0, length: text.length }, 'the command is missing', 'expected TIMESPEC COMMAND [ARG ...] [{PEERSPEC}]');
      return;
    }
    if (/^for(\s|$)/.test(call.text)) this.#parseFor(time, call, spec, line);
    else this.#parseCall(time, call, spec, line, undefined);
  }

  #parseTime(word: string, line: LineReporter): EventTime | undefined {
    const { text, unbound, originalOf } = substitute(word, (name) => this.lookup(name));
    line.warnUnbound(unbound, 0);
    const result = parseTimeSpec(text);
    if (result.ok) return result.time;
    line.specError(result.error, originalOf(result.error.offset, result.error.length));
    return undefined;
  }

  #parseFor(time: EventTime | undefined, call: Part, spec: Part | undefined, line: LineReporter): void {
    const head = FOR_HEAD.exec(call.text);
    if (head === null) {
      line.error({ offset: call.offset, length: call.text.length }, 'this is no complete loop', FOR_HINT);
      return;
    }
    const [whole, name = '', from = '', to = ''] = head;
    const bounds = [from, to].map((text) => substitute(text, (variable) => this.lookup(variable)).text);
    const bad = bounds.findIndex((bound) => !/^[+-]?\d{1,15}$/.test(bound));
    if (bad >= 0) {
      const written = bad === 0 ? from : to;
      const offset = call.offset + (bad === 0 ? whole.indexOf(` in ${from}`) + 4 : whole.lastIndexOf(` ${to} call`) + 1);
      line.error({ offset, length: written.length }, `the loop's bound "${written}" is no integer`, FOR_HINT);
      return;
    }
    const loop = { name, from: Number(bounds[0]), to: Number(bounds[1]) };
    if (Math.abs(loop.to - loop.from) + 1 + this.#events.length > EVENTS_MAX) {
      line.error({ offset: call.offset, length: whole.length }, `the loop makes more than ${EVENTS_MAX} events`, FOR_HINT);
      return;
    }
    const body = { text: call.text.slice(whole.length), offset: call.offset + whole.length };
    if (body.text.trim() === '') line.error({ offset: call.offset, length: call.text.length }, 'the command is missing', FOR_HINT);
    else this.#parseLoop(time, body, spec, line, loop);
  }

  #parseLoop(time: EventTime | undefined, body: Part, spec: Part | undefined, line: LineReporter, loop: Loop): void {
    const step = loop.from <= loop.to ? 1 : -1;
    for (let value = loop.from; value !== loop.to + step; value += step) {
      const before = line.errorCount;
      this.#parseCall(time, body, spec, line, { name: loop.name, value: String(value) });
      // What is wrong in one round is as wrong in the next.
      if (line.errorCount > before) return;
    }
  }

  #parseCall(
    time: EventTime | undefined,
    call: Part,
    spec: Part | undefined,
    line: LineReporter,
    loop: { readonly name: string; readonly value: string } | undefined,
  ): void {
    const peers = this.#parsePeers(spec, line, loop);
    if (peers === undefined) return;
    for (const group of this.#bound.groups(variablesIn(call.text), peers)) {
      const expanded = substitute(
        call.text,
        (name) => group.lookup(name) ?? (name === loop?.name ? loop.value : undefined) ?? this.#configured(name),
      );
      line.warnUnbound(expanded.unbound, call.offset);
      this.#addEvent(time, expanded, call.offset, group.peers, line);
    }
  }

  #parsePeers(
    spec: Part | undefined,
    line: LineReporter,
    loop: { readonly name: string; readonly value: string } | undefined,
  ): PeerSet | undefined {
    if (spec === undefined) return ALL_PEERS;
    const expanded = substitute(spec.text, (name) => (name === loop?.name ? loop.value : undefined));
    const [foreign] = expanded.unbound;
    if (foreign !== undefined) {
      const hint = loop === undefined ? 'write the instance numbers, or a for loop' : `the loop's variable is $${loop.name}`;
      const place = { offset: spec.offset + foreign.offset, length: foreign.name.length + 1 };
      line.error(place, `$${foreign.name} cannot select instances: only the variable of a for loop can`, hint);
      return undefined;
    }
    const result = parsePeerSpec(expanded.text, this.#context.instanceCount);
    const placeOf = (error: SpecError) => {
      const { offset, length } = expanded.originalOf(error.offset, error.length);
      return { offset: spec.offset + offset, length };
    };
    if (!result.ok) {
      line.specError(result.error, placeOf(result.error));
      return undefined;
    }
    for (const outside of result.outside) line.warning(placeOf(outside), outside.message);
    return result.peers;
  }

  #addEvent(
    time: EventTime | undefined,
    expanded: SubstitutedText,
    callOffset: number,
    peers: PeerSet,
    line: LineReporter,
  ): void {
    const at = (offset: number, length: number) => {
      const original = expanded.originalOf(offset, length);
      return { offset: callOffset + original.offset, length: original.length };
    };
    const split = splitShellWords(expanded.text);
    if (!split.ok) {
      line.error(at(split.offset, 1), split.message, 'quote as in a shell, or put a backslash before the character');
      return;
    }
    const [command, ...words] = split.words;
    if (command === undefined || command.text === '') {
      line.error(at(0, expanded.text.length), 'the command is missing');
      return;
    }
    const before = line.errorCount;
    const place = line.placeOf(at(command.offset, command.length));
    const args: string[] = [];
    const kwargs: Record<string, string> = {};
    const argumentWords = words.map((word): ArgumentWord => {
      const place = at(word.offset, word.length);
      const named = NAMED_ARGUMENT.exec(word.text);
      const { column, length } = line.placeOf(place);
      if (named === null) {
        args.push(word.text);
        return { value: word.text, column, length };
      }
      const [, name = '', value = ''] = named;
      if (Object.hasOwn(kwargs, name)) line.error(place, `the argument ${name} is given twice`);
      kwargs[name] = value;
      return { name, value, column, length };
    });
    if (command.text === 'set') this.#bind(time, argumentWords, peers, line, place);
    if (time === undefined || line.errorCount > before) return;
    if (this.#events.length >= EVENTS_MAX) line.error(at(0, 1), `the scenario has more than ${EVENTS_MAX} events`);
    else this.#events.push({ sequence: this.#events.length, time, peers, command: command.text, args, kwargs, place, words: argumentWords });
  }

  #bind(
    time: EventTime | undefined,
    words: readonly ArgumentWord[],
    peers: PeerSet,
    line: LineReporter,
    command: ScenarioPlace,
  ): void {
    const [name, value, extra] = words;
    const hint = 'write @! set NAME VALUE, with quotes around a value of several words';
    if (time !== undefined && time.kind !== 'start')
      line.complain(command, 'set binds where it stands in the file, not at a time: its TIMESPEC must be @!', hint);
    else if (name === undefined || value === undefined) line.complain(command, 'set needs a name and a value', hint);
    else if (extra !== undefined) line.complain({ ...command, column: extra.column, length: extra.length }, 'set takes one value', hint);
    else if (name.name !== undefined || !/^\w+$/.test(name.value))
      line.complain({ ...command, column: name.column, length: name.length }, 'this is no variable name', 'use letters, digits and _');
    else this.#bound.set(name.value, value.name === undefined ? value.value : `${value.name}=${value.value}`, peers);
  }

  #configured(name: string): string | undefined {
    return Object.hasOwn(this.#context.variables, name) ? this.#context.variables[name] : undefined;
  }
}

const NAMED_ARGUMENT = /^([A-Za-z_]\w*)=([^]*)$/;
const FOR_HEAD = /^for\s+([A-Za-z0-9_]+)\s+in\s+(\S+)\s+to\s+(\S+)\s+call(?=\s|$)\s*/;
const FOR_HINT = 'expected TIMESPEC for NAME in FROM to TO call COMMAND [ARG ...] [{PEERSPEC}]';

/** Takes the PEERSPEC off the end; its text is what stands between the braces. */
function splitPeerSpec(rest: Part): { readonly call: Part; readonly spec?: Part } {
  const open = rest.text.lastIndexOf('{');
  if (open < 0 || !rest.text.endsWith('}')) return { call: { text: rest.text.trimEnd(), offset: rest.offset } };
  return {
    call: { text: rest.text.slice(0, open).trimEnd(), offset: rest.offset },
    spec: { text: rest.text.slice(open + 1, -1), offset: rest.offset + open + 1 },
  };
}

interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** Makes diagnostics of one line, each once. */
class LineReporter {
  errorCount = 0;
  readonly #line: ScenarioPlace;
  readonly #diagnostics: Diagnostic[];
  readonly #said = new Set<string>();

  constructor(line: ScenarioPlace, diagnostics: Diagnostic[]) {
    this.#line = line;
    this.#diagnostics = diagnostics;
  }

  placeOf({ offset, length }: Stretch): ScenarioPlace {
    return { ...this.#line, column: this.#line.column + offset, length };
  }

  error(stretch: Stretch, message: string, hint?: string): void {
    this.complain(this.placeOf(stretch), message, hint);
  }

  specError({ message, hint }: SpecError, stretch: Stretch): void {
    this.error(stretch, message, hint);
  }

  complain(place: ScenarioPlace, message: string, hint?: string): void {
    this.errorCount++;
    this.#say({ severity: 'error', message, ...place, ...(hint === undefined ? {} : { hint }) });
  }

  warning(stretch: Stretch, message: string): void {
    this.#say({ severity: 'warning', message, ...this.placeOf(stretch) });
  }

  warnUnbound(unbound: SubstitutedText['unbound'], offset: number): void {
    for (const { name, offset: at } of unbound)
      this.warning({ offset: offset + at, length: name.length + 1 }, `$${name} is bound to nothing and stays as it is`);
  }

  #say(diagnostic: Diagnostic): void {
    const key = `${diagnostic.column ?? 0} ${diagnostic.message}`;
    if (!this.#said.has(key)) this.#diagnostics.push(diagnostic);
    this.#said.add(key);
  }
}
