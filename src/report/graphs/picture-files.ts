import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { orWriteFailed, writeOutputFile } from '../../output/write-output-file.js';
import { PICTURE_FORMATS, type PictureFormat } from '../../runtime/picture-formats.js';

/** As many pictures are drawn together as the pool has threads; each takes some 10 MB until it is written. */
const DRAWN_TOGETHER_MAX = 4;

/** Writes pictures in the formats that are wanted. PNG is drawn in other threads, while the next graphs become SVG in this one. */
export class PictureFiles {
  readonly #directory: string;
  readonly #formats: readonly PictureFormat[];
  readonly #underWay = new Set<Promise<void>>();
  /** The first thing that went wrong in a picture that nobody waited for. */
  #failure: { readonly error: unknown } | undefined;

  constructor(directory: string, formats: readonly PictureFormat[]) {
    this.#directory = directory;
    this.#formats = formats;
  }

  /**
   * Writes a picture. The same picture of an earlier report in another format is removed, because it may show other
   * data. @param onRefused - is told when the picture cannot be drawn in a format @throws GumbyError
   * OUTPUT_WRITE_FAILED, also for an earlier picture
   */
  async write(name: string, svg: string, onRefused: (error: unknown) => void): Promise<void> {
    const fileOf = (format: PictureFormat) => join(this.#directory, `${name}.${format}`);
    for (const format of PICTURE_FORMATS.filter((each) => !this.#formats.includes(each)))
      orWriteFailed(fileOf(format), () => rmSync(fileOf(format), { force: true }));
    if (this.#formats.includes('svg')) writeOutputFile(fileOf('svg'), svg);
    if (!this.#formats.includes('png')) return;
    while (this.#underWay.size >= DRAWN_TOGETHER_MAX) await Promise.race(this.#underWay);
    this.#throwFailure();
    const drawn = this.#drawPng(fileOf('png'), svg, onRefused).finally(() => this.#underWay.delete(drawn));
    this.#underWay.add(drawn);
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  async finish(): Promise<void> {
    await Promise.all(this.#underWay);
    this.#throwFailure();
  }

  /** The library that draws PNG is loaded only when a PNG is wanted. */
  async #drawPng(file: string, svg: string, onRefused: (error: unknown) => void): Promise<void> {
    const { drawPng } = await import('./draw-png.js');
    let png: Buffer;
    try {
      png = await drawPng(svg);
    } catch (error) {
      onRefused(error);
      return;
    }
    try {
      writeOutputFile(file, png);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
