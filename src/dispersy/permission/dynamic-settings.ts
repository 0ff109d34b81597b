import type { Codec } from '../codec/codec.js';
import { uint8 } from '../codec/fields.js';

/** Which of their policies kinds of messages follow from now on. */
export type DynamicSettings = readonly { readonly messageId: number; readonly index: number }[];

const RESOLUTION_LETTER = 'r'.charCodeAt(0);

/** The payload; for each policy it has message id (1), the letter r (1), index (1). */
export const dynamicSettingsPayload: Codec<DynamicSettings> = {
  write(writer, policies) {
    if (policies.length === 0) throw new RangeError('no policies');
    for (const { messageId, index } of policies) {
      writer.uint8(messageId);
      writer.uint8(RESOLUTION_LETTER);
      writer.uint8(index);
    }
  },
  read(reader) {
    const policies: { messageId: number; index: number }[] = [];
    while (reader.remaining > 0) {
      const messageId = uint8.read(reader);
      if (reader.uint8() !== RESOLUTION_LETTER) reader.fail('unknown kind of policy');
      policies.push({ messageId, index: uint8.read(reader) });
    }
    if (policies.length === 0) reader.fail('no policies');
    return policies;
  },
};
