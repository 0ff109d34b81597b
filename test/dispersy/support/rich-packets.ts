import { Dispersy, type DispersyInit } from '../../../src/dispersy/dispersy.js';
import { Member } from '../../../src/dispersy/identity/member.js';
import type { Message } from '../../../src/dispersy/message/message.js';
import type { Permission } from '../../../src/dispersy/permission/permission.js';
import { defined } from './defined.js';
import { RichCommunity } from './rich-community.js';
import { SilentEndpoint } from './silent-endpoint.js';

/**
 * Good packets of every kind of message of a `RichCommunity`, built-in ones included – but for the one that destroys it –,
 * signed by its founder and by a member of it; and those two.
 */
export function richPackets(init: Omit<DispersyInit, 'endpoint'>) {
  const endpoint = new SilentEndpoint();
  const dispersy = new Dispersy({ ...init, endpoint });
  dispersy.start();
  const [founder, member] = [dispersy.getNewMember(), dispersy.getNewMember()];
  const community = RichCommunity.createCommunity(dispersy, founder);
  const packets: Buffer[] = [];
  const keep = (message: Message | undefined) => {
    if (message !== undefined) packets.push(message.packet);
    return message;
  };
  for (const { packet } of community.store.between(243, 0n, community.globalTime)) packets.push(packet);

  const peer = { host: '127.0.0.1', port: 30_000 };
  for (let count = 0; count < 3; count++) keep(community.createIntroductionRequest(peer));
  const grants = (permission: Permission) =>
    community.own
      .filter(({ resolution }) => resolution.kind !== 'public')
      .map((message) => ({ member, message, permission }));
  keep(community.createAuthorize(grants('permit')));
  keep(community.createRevoke(grants('permit').slice(0, 2)));
  for (const [index, meta] of community.own.entries()) {
    const payload = { number: index, text: meta.name };
    const made = defined(keep(community.create(meta, payload, { secondMember: member })));
    if (meta.distribution.kind !== 'direct' && index % 4 === 0) keep(community.createUndo(made));
    if (meta.authentication.kind !== 'doubleMember' || index % 7 !== 0) continue;
    const half = community.createMessage(meta, payload, {
      secondMember: new Member(stranger(dispersy)),
      checkPermission: false,
    });
    community.createSignatureRequest(half, peer, { onResponse: () => true });
    packets.push(defined(endpoint.sent.at(-1)).packet);
  }
  const dynamic = community.own.filter(({ resolution }) => resolution.kind === 'dynamic');
  keep(community.createDynamicSettings(dynamic.slice(0, 3).map(({ id }) => ({ messageId: id, index: 1 }))));
  const { mid, publicKey } = founder;
  const proofs = { globalTime: 3n, publicKey, globalTimes: [1n, 2n, 3n] };
  const none = { host: '127.0.0.1', port: 30_001 };
  const addresses = { destination: none, sourceLan: none, sourceWan: none, introducedLan: none, introducedWan: none };
  const flags = { connectionType: 'unknown', supportsNewStyle: true, advice: true, extraBytes: Buffer.alloc(0) };
  const payload = { ...proofs, ...addresses, ...flags, walkerLan: none, walkerWan: none, mid, identifier: 5 };
  for (const { meta } of community.messages) {
    if (meta.id <= 230 || !TAKES_ANY_PAYLOAD.has(meta.id)) continue;
    keep(community.createMessage(meta, { ...payload, messageId: 243, low: 1, high: 9, packet: publicKey }));
  }
  return { packets, masterMember: community.masterMember, signers: [founder, member] };
}

/** Those whose payload is a plain object of the fields above. */
const TAKES_ANY_PAYLOAD = new Set([231, 232, 233, 234, 239, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254]);

/** A member whose private key is not at hand where it matters. */
function stranger(dispersy: Dispersy) {
  const { publicKey } = dispersy.getNewMember();
  return { bytes: publicKey, signatureLength: 64, verify: () => false };
}
