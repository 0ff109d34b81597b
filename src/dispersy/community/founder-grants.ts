import type { Member } from '../identity/member.js';
import type { MessageRegistry } from '../message/message-registry.js';
import type { MetaMessage } from '../message/meta-message.js';
import { isSyncDistribution } from '../message/policies.js';
import type { Permission, PermissionGrant } from '../permission/permission.js';

/** The permissions of a community's founder: all that anyone can have. */
export function founderGrants(messages: MessageRegistry, founder: Member): PermissionGrant[] {
  return [...messages].flatMap(({ meta }) =>
    grantable(meta).map((permission) => ({ member: founder, message: meta, permission })),
  );
}

/** The permissions that exist for a kind of message: a public message needs no permission to be sent, but needs one to be undone. */
function grantable({ resolution, distribution, canBeUndone }: MetaMessage): readonly Permission[] {
  const undo: readonly Permission[] = canBeUndone ? ['undo'] : [];
  if (resolution.kind !== 'public') return ['permit', 'authorize', 'revoke', ...undo];
  return isSyncDistribution(distribution) ? ['authorize', 'revoke', ...undo] : [];
}
