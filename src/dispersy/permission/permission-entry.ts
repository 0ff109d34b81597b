import { createHash } from 'node:crypto';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { Message } from '../message/message.js';
import type { DynamicSettings } from './dynamic-settings.js';
import type { Permission, PermissionsPayload } from './permission.js';

/** A message that changes who may do what: as long as it stands, from the next global time on. */
export interface PermissionEntry {
  /** The member who sent it, 20 bytes. */
  readonly mid: Buffer;
  readonly globalTime: bigint;
  /** The message itself, which proves the change to others. */
  readonly packet: Buffer;
  readonly change: Grants | PolicySwitch;
}

export interface Grants {
  readonly kind: 'authorize' | 'revoke';
  readonly grants: readonly { readonly mid: Buffer; readonly messageId: number; readonly permission: Permission }[];
}

export interface PolicySwitch {
  readonly kind: 'dynamic-settings';
  readonly policies: DynamicSettings;
}

/** The entry of an authorize, revoke or dynamic-settings message. */
export function permissionEntryOf({ meta, member, globalTime, packet, payload }: Message): PermissionEntry {
  const { mid } = member as Member;
  if (meta.id === BUILT_IN_IDS.dynamicSettings)
    return { mid, globalTime, packet, change: { kind: 'dynamic-settings', policies: payload as DynamicSettings } };
  const grants = (payload as PermissionsPayload).flatMap(({ publicKey, permissions }) => {
    const granted = createHash('sha1').update(publicKey).digest();
    return permissions.map((each) => ({ mid: granted, ...each }));
  });
  const kind = meta.id === BUILT_IN_IDS.authorize ? 'authorize' : 'revoke';
  return { mid, globalTime, packet, change: { kind, grants } };
}
