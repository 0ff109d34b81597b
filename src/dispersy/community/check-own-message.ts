import { GumbyError } from '../../runtime/errors.js';
import { OWN_MESSAGE_ID_MAX } from '../message/built-in-ids.js';
import type { MetaMessage } from '../message/meta-message.js';

/** @throws GumbyError MESSAGE_DEFINITION_INVALID when the id of a community's own message is one of the built-in messages. */
export function checkOwnMessage(meta: MetaMessage): MetaMessage {
  if (meta.id <= OWN_MESSAGE_ID_MAX) return meta;
  throw new GumbyError(
    'MESSAGE_DEFINITION_INVALID',
    `message "${meta.name}" (id ${meta.id}): ids above ${OWN_MESSAGE_ID_MAX} are for the built-in messages`,
    { context: { message: meta.name, id: meta.id } },
  );
}
