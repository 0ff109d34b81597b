import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { ScenarioPlace } from './scenario.js';

/** A `&module` line. */
export interface ModuleReference {
  /**
   * The module as written: `a.b.c_module` or `./c_module.ts`; or `./c_module.py`, which is looked for so that it can be
   * told from a mistyped name.
   */
  readonly module: string;
  /** How the reference was written. */
  readonly kind: 'dotted' | 'path';
  /** The class that is named; absent when every experiment module of the file is meant. */
  readonly className?: string;
  /** The place of the whole reference. */
  readonly place: ScenarioPlace;
}

/** The directories in which modules are looked for, as absolute paths. */
export interface ModulePlaces {
  /** This package: `gumby.` stands for it. */
  readonly packageDir: string;
  readonly projectDir: string;
  readonly experimentDir: string;
}

/**
 * Reads the argument of `&module`. The last part of a dotted path is the class; a dotted path whose last part does not begin
 * with a capital, as class names do, names a file alone.
 */
export function parseModuleReference(text: string, place: ScenarioPlace): ModuleReference | undefined {
  const path = PATH.exec(text);
  if (path !== null) {
    const [, module = '', className] = path;
    return { module, kind: 'path', ...(className === undefined ? {} : { className }), place };
  }
  if (!DOTTED.test(text)) return undefined;
  const parts = text.split('.');
  const last = parts.at(-1) as string;
  if (!/^[A-Z]/.test(last) || parts.length === 1) return { module: text, kind: 'dotted', place };
  return { module: parts.slice(0, -1).join('.'), kind: 'dotted', className: last, place };
}

const PATH = /^([^#]+\.(?:[cm]?[jt]s|py))(?:#([A-Za-z_$][\w$]*))?$/;
const PYTHON = '.py';
const DOTTED = /^[^\s./\\#]+(?:\.[^\s./\\#]+)*$/;

/** The files that a reference may mean, in the order in which they are tried. */
export function moduleCandidates(reference: ModuleReference, places: ModulePlaces): readonly string[] {
  const { module, kind } = reference;
  if (kind === 'path') return module.endsWith(PYTHON) ? [] : pathCandidates(reference, places);
  const { bases, path } = dottedPlaces(module, places);
  return unique(
    bases.flatMap((base) =>
      spellings(path).flatMap((spelling) => EXTENSIONS.map((extension) => join(base, ...spelling) + extension)),
    ),
  );
}

/** Where a module was looked for, in words: all spellings of its path would fill the screen. */
export function describeSearch(reference: ModuleReference, places: ModulePlaces): string {
  if (reference.kind === 'path') return pathCandidates(reference, places).join(', ');
  const { bases, path } = dottedPlaces(reference.module, places);
  const [first = '', ...others] = EXTENSIONS;
  const files = unique(bases.map((base) => join(base, ...path) + first));
  return `${files.join(' and ')}, also with ${others.join(', ')}, and with - for _ or the reverse`;
}

/**
 * The files in Python that a reference may have meant when it was written for Gumby, whose checkout may be the project directory
 * or a folder of it. None of them can be loaded, but if one is there, the message can say what is the matter.
 */
export function pythonCandidates(reference: ModuleReference, places: ModulePlaces): readonly string[] {
  const { module, kind, place } = reference;
  if (kind === 'path') return pathCandidates({ ...reference, module: module.replace(/\.\w+$/, PYTHON) }, places);
  const parts = module.split('.');
  const bases = [places.projectDir, join(places.projectDir, 'gumby'), places.experimentDir];
  const beside = [dirname(place.file), places.experimentDir].map((base) => join(base, parts.at(-1) ?? ''));
  const paths = [...bases.map((base) => join(base, ...parts)), ...beside];
  return unique(paths.flatMap((path) => [path + PYTHON, join(path, '__init__.py')]));
}

function pathCandidates({ module, place }: ModuleReference, places: ModulePlaces): readonly string[] {
  if (isAbsolute(module)) return [module];
  return unique([dirname(place.file), places.projectDir, places.experimentDir].map((base) => resolve(base, module)));
}

/** The folders that a dotted path may start from, and the path in them. */
function dottedPlaces(module: string, { packageDir, projectDir, experimentDir }: ModulePlaces) {
  const parts = module.split('.');
  return parts[0] === 'gumby'
    ? { bases: [packageDir], path: parts.slice(1) }
    : { bases: [projectDir, experimentDir], path: parts };
}

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

/**
 * The spellings of a path that are tried: as written; and with `-` for `_`, which Python needs, or the reverse, in the
 * file's name or in the whole path.
 */
function spellings(path: readonly string[]): readonly (readonly string[])[] {
  const folders = path.slice(0, -1);
  const file = path.at(-1) ?? '';
  const swapped = [
    [...folders, dashed(file)],
    [...folders, underscored(file)],
    path.map(dashed),
    path.map(underscored),
  ];
  return [path, ...swapped];
}

function dashed(name: string): string {
  return name.replaceAll('_', '-');
}

function underscored(name: string): string {
  return name.replaceAll('-', '_');
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)];
}
