import { fstatSync, readSync, statSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** The traces of `nohup` that this process can see. */
export interface NohupTraces {
  /** The variable `_`: bash, zsh and ksh write into it the program that they start. */
  readonly startedAs: string | undefined;
  /** Standard input is `/dev/null` and cannot be read: GNU's `nohup` puts this in the place of a terminal. */
  readonly isInputUnreadable: boolean;
  /** Standard output goes to the file `nohup.out`, where every `nohup` sends it instead of to a terminal. */
  readonly isOutputNohupOut: boolean;
}

/**
 * Whether `nohup` started this process, which is then to outlive its terminal. All that `nohup` itself does is to have
 * SIGHUP ignored, but node takes that back before any code of ours runs, and nobody can ask how it was: so `nohup` is
 * recognised by its traces.
 */
export function isUnderNohup({ startedAs, isInputUnreadable, isOutputNohupOut }: NohupTraces = traces()): boolean {
  return basename(startedAs ?? '') === 'nohup' || isInputUnreadable || isOutputNohupOut;
}

function traces(): NohupTraces {
  const outputs = [1, 2].map((descriptor) => statsOr(() => fstatSync(descriptor)));
  const nohupOuts = ['nohup.out', join(homedir(), 'nohup.out')].map((file) => statsOr(() => statSync(file)));
  return {
    startedAs: process.env['_'],
    isInputUnreadable: isInputUnreadable(),
    isOutputNohupOut: nohupOuts.some((file) => outputs.some((output) => isSame(file, output))),
  };
}

function isInputUnreadable(): boolean {
  const [input, nothing] = [statsOr(() => fstatSync(0)), statsOr(() => statSync('/dev/null'))];
  // Only `/dev/null` may be read to try: from any other input, something would be lost.
  if (input?.isCharacterDevice() !== true || input.rdev !== nothing?.rdev) return false;
  try {
    readSync(0, Buffer.alloc(1));
    return false;
  } catch {
    return true;
  }
}

function isSame(one: Stats | undefined, other: Stats | undefined): boolean {
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

function statsOr(look: () => Stats): Stats | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
