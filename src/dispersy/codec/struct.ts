import { GumbyError, toError } from '../../runtime/errors.js';
import type { Codec, CodecValue } from './codec.js';

export type StructFields = Readonly<Record<string, Codec<unknown>>>;

export type StructValue<F extends StructFields> = { readonly [Name in keyof F]: CodecValue<F[Name]> };

/**
 * Fields one after the other, in the order in which they are given: `struct({ nonce: uint32, text: utf8 })`.
 * Writing a value that a field cannot carry throws `GumbyError` PARAMETER_INVALID naming the field.
 */
export function struct<F extends StructFields>(fields: F): Codec<StructValue<F>> {
  const names = Object.keys(fields);
  const codecs = Object.values(fields);
  return {
    write(writer, value) {
      for (let index = 0; index < names.length; index++) {
        const name = names[index] as string;
        const field = (value as Readonly<Record<string, unknown>>)[name];
        try {
          (codecs[index] as Codec<unknown>).write(writer, field);
        } catch (error) {
          throw new GumbyError('PARAMETER_INVALID', `payload field "${name}": ${toError(error).message}`, {
            context: { field: name },
            cause: error,
          });
        }
      }
    },
    read(reader) {
      const value: Record<string, unknown> = {};
      for (let index = 0; index < names.length; index++)
        value[names[index] as string] = (codecs[index] as Codec<unknown>).read(reader);
      return value as StructValue<F>;
    },
  };
}

/** The payload of a message without contents. */
export const noPayload: Codec<NoPayload> = { write: () => {}, read: () => NO_PAYLOAD };

export type NoPayload = Readonly<Record<string, never>>;

const NO_PAYLOAD: NoPayload = {};
