import type { Codec } from '../codec/codec.js';
import { uint8 } from '../codec/fields.js';

/** `soft`: everything is kept and nothing is done any more. `hard`: only the proof is kept, and given as an answer. */
export type DestructionDegree = 'soft' | 'hard';

const LETTERS: Readonly<Record<DestructionDegree, number>> = { soft: 's'.charCodeAt(0), hard: 'h'.charCodeAt(0) };

export interface DestroyPayload {
  readonly degree: DestructionDegree;
}

/** One letter: `s` or `h`. */
export const destroyPayload: Codec<DestroyPayload> = {
  write: (writer, { degree }) => writer.uint8(LETTERS[degree]),
  read(reader) {
    const letter = uint8.read(reader);
    if (letter !== LETTERS.soft && letter !== LETTERS.hard) reader.fail('unknown degree of destruction');
    return { degree: letter === LETTERS.hard ? 'hard' : 'soft' };
  },
};
