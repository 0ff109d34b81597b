import type { Codec } from '../codec/codec.js';
import { varbytes } from '../codec/fields.js';
import type { Member } from '../identity/member.js';
import type { MetaMessage } from '../message/meta-message.js';

/** What a member may be allowed for a kind of message: to send it, to allow it to others, to take this permission from others, to undo it. */
export type Permission = 'permit' | 'authorize' | 'revoke' | 'undo';

export const PERMISSIONS: readonly Permission[] = ['permit', 'authorize', 'revoke', 'undo'];

/** The bit of each permission on the wire. */
const PERMISSION_BITS: Readonly<Record<Permission, number>> = { permit: 1, authorize: 2, revoke: 4, undo: 8 };

/** One permission of one member for one kind of message, to be given or taken. */
export interface PermissionGrant {
  readonly member: Member;
  readonly message: MetaMessage;
  readonly permission: Permission;
}

/** The permissions of one member in a packet. */
export interface MemberPermissions {
  readonly publicKey: Buffer;
  readonly permissions: readonly { readonly messageId: number; readonly permission: Permission }[];
}

export type PermissionsPayload = readonly MemberPermissions[];

/** The payload; for each member it has key length (2), key, count (1), and so many times message id (1) and bits (1). */
export const permissionsPayload: Codec<PermissionsPayload> = {
  write(writer, members) {
    if (members.length === 0) throw new RangeError('no permissions');
    for (const { publicKey, permissions } of members) {
      if (permissions.length === 0) throw new RangeError('a member without permissions');
      varbytes.write(writer, publicKey);
      const bitsById = new Map<number, number>();
      for (const { messageId, permission } of permissions)
        bitsById.set(messageId, (bitsById.get(messageId) ?? 0) | PERMISSION_BITS[permission]);
      writer.uint8(bitsById.size);
      for (const [messageId, bits] of bitsById) {
        writer.uint8(messageId);
        writer.uint8(bits);
      }
    }
  },
  read(reader) {
    const members: MemberPermissions[] = [];
    while (reader.remaining > 0) {
      const publicKey = varbytes.read(reader);
      const permissions: { messageId: number; permission: Permission }[] = [];
      const count = reader.uint8();
      // A message that changes nothing would need no permission, and everyone would store it.
      if (count === 0) reader.fail('a member without permissions');
      const named = new Set<number>();
      for (let left = count; left > 0 && reader.failure === undefined; left--) {
        const messageId = reader.uint8();
        const bits = reader.uint8();
        if (bits === 0 || bits > 0b1111) reader.fail('unknown permission');
        // Each kind of message is named once, so that no two packets mean the same.
        if (named.has(messageId)) reader.fail('a message named twice');
        named.add(messageId);
        for (const permission of PERMISSIONS)
          if ((bits & PERMISSION_BITS[permission]) !== 0) permissions.push({ messageId, permission });
      }
      members.push({ publicKey, permissions });
    }
    if (members.length === 0) reader.fail('no permissions');
    return members;
  },
};

/** The grants as they stand in a packet, each member once. */
export function permissionsFrom(grants: readonly PermissionGrant[]): PermissionsPayload {
  const byMember = new Map<
    string,
    { publicKey: Buffer; permissions: { messageId: number; permission: Permission }[] }
  >();
  for (const { member, message, permission } of grants) {
    const key = member.toString();
    const known = byMember.get(key) ?? { publicKey: member.publicKey, permissions: [] };
    known.permissions.push({ messageId: message.id, permission });
    byMember.set(key, known);
  }
  return [...byMember.values()];
}
