import type { Diagnostic } from '../runtime/diagnostic.js';
import { type CallWord, missingCommand, parseCommandCall } from './command-call.js';
import { parseForLoop, roundCount, roundsOf } from './for-loop.js';
import type { Stretch } from '../runtime/line-problem.js';
import { LineReading, LineReporter } from './line-reporter.js';
import { ALL_PEERS, intersectionOf, type PeerSet } from '../runtime/peers/peer-set.js';
import { parsePeerSpec } from '../runtime/peers/peer-spec.js';
import type { ArgumentWord, EventTime, ScenarioEvent, ScenarioPlace } from './scenario.js';
import { parseSetCommand, type SetCall } from './set-command.js';
import { type SpecPart, splitPeerSpec } from './split-peer-spec.js';
import { mentionsVariables, originalStretch, substitute, variablesIn } from './substitute.js';
import { parseTimeSpec } from './time-spec.js';
import { ScenarioVariables, type VariableGroup } from './variables.js';

export interface EventLineInit {
  readonly instanceCount: number;
  /** The values of `$NAME` where neither `set` nor `for` binds the name. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A scenario of more events than this does not come from a person: a loop's bound has a digit too many. */
const EVENTS_MAX = 1_000_000;

/** A line that is being read. */
interface Line {
  /** The line without its PEERSPEC, as written. */
  readonly statement: string;
  readonly spec: SpecPart | undefined;
  readonly selectsByVariable: boolean;
  readonly names: readonly string[];
  readonly reporter: LineReporter;
}

/** The loop's variable in one of its rounds. */
interface Round {
  readonly name: string;
  readonly value: string;
}

/**
 * Turns event lines into events, and keeps what `set` binds. A line is read as it is written for all instances at once;
 * only where its variables differ between instances is the line read again, once for each group of instances with the
 * same values.
 */
export class EventLineParser {
  /** Nothing more is to be read: the scenario has grown beyond all measure, and that has been reported. */
  isFull = false;
  /** Is set as soon as a file or directive that may bind variables could not be read. */
  missesBindings = false;
  readonly #init: EventLineInit;
  readonly #bound: ScenarioVariables;
  readonly #events: ScenarioEvent[] = [];

  constructor(init: EventLineInit) {
    this.#init = init;
    this.#bound = new ScenarioVariables(init.instanceCount);
  }

  get events(): readonly ScenarioEvent[] {
    return this.#events;
  }

  /** The value that a variable has for every instance: for lines that are not for some instances only. */
  lookup(name: string): string | undefined {
    return this.#bound.valueFor(name) ?? this.#configured(name);
  }

  /** Whether the variable has no one value for every instance. */
  differs(name: string): boolean {
    return this.#bound.differs(name);
  }

  /** @param place - of the trimmed line `text` */
  parse(text: string, place: ScenarioPlace): readonly Diagnostic[] {
    const { statement, spec } = splitPeerSpec(text);
    const selectsByVariable = spec !== undefined && mentionsVariables(spec.text);
    const line = {
      statement,
      spec,
      selectsByVariable,
      names: variablesIn(statement),
      reporter: new LineReporter(place, this.missesBindings),
    };
    // A PEERSPEC with the loop's variable selects other instances in every round.
    const peers = selectsByVariable ? ALL_PEERS : this.#parsePeers(line, undefined);
    for (const group of this.#bound.groups(variablesIn(headOf(statement)), peers)) {
      this.#parseStatement(line, group);
      // A line that is wrong for one group is as wrong for the next.
      if (line.reporter.failed) break;
    }
    return line.reporter.diagnostics;
  }

  #parseStatement(line: Line, group: VariableGroup): void {
    const expanded = substitute(line.statement, (name) => this.#valueIn(group, name));
    const reading = new LineReading(expanded, line.reporter);
    const timeOffset = afterBlanks(reading.text, 0);
    const timeEnd = afterWord(reading.text, timeOffset);
    const time = parseTime(reading.text.slice(timeOffset, timeEnd), timeOffset, reading);
    const callOffset = afterBlanks(reading.text, timeEnd);
    if (callOffset === reading.text.length) reading.error(missingCommand(reading.text));
    else if (reading.text.slice(callOffset, afterWord(reading.text, callOffset)) === 'for')
      this.#parseFor(line, time, reading, callOffset, group);
    else {
      // The PEERSPEC is parsed all the same, so that its errors are reported together with the others of the line.
      if (line.selectsByVariable) this.#parsePeers(line, undefined);
      this.#parseCall(line, time, reading, callOffset, group.peers);
    }
  }

  #parseFor(line: Line, time: EventTime | undefined, head: LineReading, offset: number, outer: VariableGroup): void {
    const result = parseForLoop(head.text, offset);
    if (!result.ok) {
      head.error(result.problem);
      return;
    }
    const { name, bodyOffset } = result.loop;
    if (this.#events.length + roundCount(result.loop) > EVENTS_MAX) {
      const message = `the loop makes the scenario longer than ${EVENTS_MAX} events`;
      head.error({ message, offset, length: bodyOffset - offset });
      return;
    }
    // The loop's variable holds from here on. The text before it is read once, whatever the rounds themselves set.
    const bodyStart = head.originalEnd(bodyOffset);
    const headNames = variablesIn(line.statement.slice(0, bodyStart));
    const headValues = new Map(headNames.map((variable) => [variable, this.#valueIn(outer, variable)]));
    for (const value of roundsOf(result.loop)) {
      const peers = line.selectsByVariable
        ? intersectionOf(this.#parsePeers(line, { name, value }), outer.peers)
        : outer.peers;
      for (const group of this.#bound.groups(line.names, peers)) {
        const lookup = (variable: string, at: number) =>
          at < bodyStart
            ? headValues.get(variable)
            : this.#valueIn(group, variable, variable === name ? value : undefined);
        const body = new LineReading(substitute(line.statement, lookup), line.reporter);
        this.#parseCall(line, time, body, bodyOffset, group.peers);
        if (line.reporter.failed) return;
      }
    }
  }

  /** @param offset - where the command begins in the text that is read */
  #parseCall(line: Line, time: EventTime | undefined, reading: LineReading, offset: number, peers: PeerSet): void {
    this.#warnUnbound(reading, line.reporter);
    const result = parseCommandCall(reading.text, offset);
    if (!result.ok) {
      reading.error(result.problem);
      return;
    }
    const { command, args, kwargs } = result.call;
    const words = result.call.words.map((word) => argumentWord(word, reading));
    const call = { command: command.value, args, kwargs, place: reading.placeOf(command), words };
    if (call.command === 'set') this.#bind(call, time, peers, line.reporter);
    if (time === undefined || line.reporter.failed) return;
    this.isFull = this.#events.length >= EVENTS_MAX;
    if (this.isFull)
      reading.error({ message: `the scenario is longer than ${EVENTS_MAX} events`, offset: 0, length: 1 });
    else this.#events.push({ sequence: this.#events.length, time, peers, ...call });
  }

  #bind(call: SetCall, time: EventTime | undefined, peers: PeerSet, reporter: LineReporter): void {
    const result = parseSetCommand(call, time);
    if (result.ok) this.#bound.set(result.name, result.value, peers);
    else reporter.errorAt(result.place, result.message, result.hint);
  }

  /** The instances that the line's PEERSPEC selects; all when it has none, or a wrong one. */
  #parsePeers({ spec, reporter }: Line, round: Round | undefined): PeerSet {
    if (spec === undefined) return ALL_PEERS;
    const expanded = substitute(spec.text, (name) => (name === round?.name ? round.value : undefined));
    const inLine = (stretch: Stretch): Stretch => {
      const { offset, length } = originalStretch(expanded, stretch);
      return { offset: spec.offset + offset, length };
    };
    const [foreign] = expanded.unbound;
    if (foreign !== undefined) {
      const hint = round === undefined ? 'write the numbers, or a for loop' : `the loop's variable is $${round.name}`;
      const message = `$${foreign.name} cannot select instances: only the variable of a for loop can`;
      reporter.error({ message, hint, offset: spec.offset + foreign.offset, length: foreign.name.length + 1 });
      return ALL_PEERS;
    }
    const result = parsePeerSpec(expanded.text, this.#init.instanceCount);
    if (!result.ok) {
      reporter.error({ ...result.problem, ...inLine(result.problem) });
      return ALL_PEERS;
    }
    for (const warning of result.warnings) reporter.warning({ ...warning, ...inLine(warning) });
    return result.peers;
  }

  /** Warns of each unbound name once: a line may mention it half a million times. */
  #warnUnbound({ unbound }: LineReading, reporter: LineReporter): void {
    if (reporter.missesBindings) return;
    const warned = new Set<string>();
    for (const { name, offset } of unbound) {
      if (warned.has(name)) continue;
      warned.add(name);
      const whose = this.#bound.differs(name) ? ' for some of its instances' : '';
      const message = `$${name} is bound to nothing${whose} and stays as it is`;
      reporter.warning({ message, offset, length: name.length + 1 });
    }
  }

  /** The value that `set` has bound comes first, then the loop's, then the configuration's. */
  #valueIn(group: VariableGroup, name: string, loopValue?: string): string | undefined {
    return group.lookup(name) ?? loopValue ?? this.#configured(name);
  }

  #configured(name: string): string | undefined {
    const { variables } = this.#init;
    return Object.hasOwn(variables, name) ? variables[name] : undefined;
  }
}

function argumentWord(word: CallWord, reading: LineReading): ArgumentWord {
  const { name, value } = word;
  const { column, length } = reading.columnOf(word);
  return name === undefined ? { value, column, length } : { name, value, column, length };
}

function afterBlanks(text: string, start: number): number {
  BLANKS.lastIndex = start;
  BLANKS.test(text);
  return BLANKS.lastIndex;
}

function afterWord(text: string, start: number): number {
  WORD.lastIndex = start;
  WORD.test(text);
  return WORD.lastIndex;
}

const BLANKS = /\s*/y;
const WORD = /\S*/y;

function parseTime(word: string, offset: number, reading: LineReading): EventTime | undefined {
  const result = parseTimeSpec(word);
  if (result.ok) return result.time;
  reading.error({ ...result.problem, offset: offset + result.problem.offset });
  return undefined;
}

/**
 * The part of a line whose variables decide what the line is: of a loop, the text before the command that it calls,
 * because the variables of the command may differ from round to round; of any other line, the whole of it.
 */
function headOf(statement: string): string {
  return LOOP_HEAD.exec(statement)?.[0] ?? statement;
}

const LOOP_HEAD = /^[^\s$]+\s+for\s+\S+\s+in\s+\S+\s+to\s+\S+\s+call\s/i;
