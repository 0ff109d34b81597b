import test from 'ava';
import fc from 'fast-check';
import { hostOfEntity, insideHostOf, instanceOfInsideHost } from '../../../src/network/emulated/entity-address.js';
import { AddressPlan } from '../../../src/network/nat/address-plan.js';
import { type NatAssignment, type NatPlan, OUTSIDE_PORT_MIN, SHARERS_MAX } from '../../../src/network/nat/nat-plan.js';
import { Router } from '../../../src/network/nat/router.js';
import { NO_NATS } from './no-nats.js';

const SHARED: NatAssignment = {
  type: 'port-restricted',
  group: [
    { from: 3, to: 5 },
    { from: 9, to: 9 },
  ],
  isShared: true,
};

function routerWith(plan: Partial<NatPlan>): Router {
  return new Router({ ...NO_NATS, ...plan }, 'seed');
}

test('inside addresses follow from numbers, and numbers from inside addresses', (t) => {
  t.is(insideHostOf(1), '10.0.0.1');
  t.is(insideHostOf(255), '10.0.1.1');
  for (const instance of [1, 254, 255, 65_024, 65_025, 100_000])
    t.is(instanceOfInsideHost(insideHostOf(instance)), instance);
  for (const host of ['10.0.0.0', '10.0.0.255', '11.0.0.1', '10.255.255.254', '198.18.0.1', 'x'])
    t.is(instanceOfInsideHost(host), undefined, host);
});

test('without NATs everyone has one address, and no inside address leads anywhere', (t) => {
  const router = routerWith({});
  t.false(router.hasNats);
  t.is(router.insideHostOf(7), '198.18.0.7');
  t.deepEqual(router.route(7, 5, { host: '198.18.0.8', port: 6 }, 0), { target: 8, sourcePort: 5, isInside: false });
  for (const host of ['10.0.0.8', '198.17.0.8', '0.0.0.0', '8.8.8.8'])
    t.deepEqual(router.route(7, 5, { host, port: 6 }, 0), { obstacle: 'nobody' }, host);
  t.deepEqual(router.route(7, 5, { host: '127.0.0.1', port: 6 }, 0), { target: 7, sourcePort: 5, isInside: true });
});

test('an instance behind its own NAT has a private address, which nobody outside reaches', (t) => {
  const router = routerWith({ assignments: [{ type: 'full-cone', group: [{ from: 2, to: 3 }], isShared: false }] });
  t.is(router.insideHostOf(2), '10.0.0.2');
  t.is(router.sourceHostOf(2, false), '198.18.0.2');
  t.deepEqual(router.route(1, 5, { host: '10.0.0.2', port: 6 }, 0), { obstacle: 'nobody' });
  t.deepEqual(router.route(3, 5, { host: '10.0.0.2', port: 6 }, 0), { obstacle: 'nobody' }, 'another LAN');
  t.deepEqual(router.route(2, 5, { host: '198.18.0.2', port: 6 }, 0), { obstacle: 'hairpin' });
  t.deepEqual(router.route(2, 5000, { host: '198.18.0.1', port: 6 }, 0), {
    target: 1,
    sourcePort: 5000,
    isInside: false,
  });
  t.is(router.admit(2, 5000, { host: '198.18.0.77', port: 1 }, 0), 5000);
  t.is(router.admit(2, 5001, { host: '198.18.0.77', port: 1 }, 0), undefined);
});

test('instances that share a NAT share its outside address, have ports of their own, and meet inside', (t) => {
  const router = routerWith({ assignments: [SHARED] });
  const outside = new Set([3, 4, 5, 9].map((instance) => router.sourceHostOf(instance, false)));
  t.deepEqual([...outside], ['198.18.0.3']);
  t.deepEqual(router.route(3, 70, { host: '10.0.0.9', port: 6 }, 0), { target: 9, sourcePort: 70, isInside: true });
  t.is(router.sourceHostOf(3, true), '10.0.0.3');
  const peer = { host: '198.18.0.1', port: 6 };
  for (const instance of [3, 4, 5, 9]) {
    const route = router.route(instance, 5000, peer, 0);
    const port = 'sourcePort' in route ? route.sourcePort : 0;
    t.like(router.route(1, 6, { host: '198.18.0.3', port }, 0), { target: instance }, String(port));
    t.is(router.admit(instance, port, peer, 0), 5000);
  }
  t.deepEqual(
    router.route(1, 6, { host: '198.18.0.4', port: 6 }, 0),
    { obstacle: 'nobody' },
    'the NAT has one address',
  );
  t.deepEqual(router.route(1, 6, { host: '198.18.0.3', port: 80 }, 0), { obstacle: 'nobody' });
});

test('a NAT that hairpins lets those behind it meet by its outside address', (t) => {
  const plan = { assignments: [SHARED] };
  const closed = routerWith(plan);
  const open = routerWith({ ...plan, settings: { ...NO_NATS.settings, hairpins: true } });
  for (const router of [closed, open]) {
    const route = router.route(4, 5000, { host: '198.18.0.1', port: 6 }, 0);
    const port = 'sourcePort' in route ? route.sourcePort : 0;
    const hairpinned = router.route(3, 5000, { host: '198.18.0.3', port }, 0);
    if (router === closed) t.deepEqual(hairpinned, { obstacle: 'hairpin' });
    else t.like(hairpinned, { target: 4, isInside: false });
  }
});

test('an instance that gets a NAT later has its addresses from the beginning, and its ports until then', (t) => {
  const router = routerWith({ later: [{ from: 2, to: 2 }], areExchanged: true });
  const peer = { host: '198.18.0.1', port: 6 };
  t.is(router.insideHostOf(2), '10.0.0.2');
  t.is(router.natTypeOf(2), 'none');
  t.deepEqual(router.route(2, 5, peer, 0), { target: 1, sourcePort: 5, isInside: false });
  t.is(router.admit(2, 5, peer, 0), 5);
  router.setNat('symmetric', [{ from: 2, to: 2 }]);
  t.is(router.natTypeOf(2), 'symmetric');
  t.is(router.admit(2, 5, peer, 0), undefined, 'the new NAT knows of nothing that was sent before');
  const route = router.route(2, 5, peer, 0);
  t.like(route, { target: 1, isInside: false });
  t.not('sourcePort' in route ? route.sourcePort : 5, 5);
});

test('every port of a shared NAT belongs to one of its instances or to nobody', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: SHARERS_MAX }), fc.integer({ min: 1, max: 500 }), (count, first) => {
      const assignment: NatAssignment = {
        type: 'symmetric',
        group: [{ from: first, to: first + count - 1 }],
        isShared: true,
      };
      const plan = new AddressPlan({ ...NO_NATS, assignments: [assignment] });
      for (const instance of new Set([first, first + (count >> 1), first + count - 1])) {
        const { block } = plan.siteOf(instance);
        t.true(block.first >= OUTSIDE_PORT_MIN && block.first + block.count <= 65_536);
        const host = hostOfEntity(first);
        for (const port of [block.first, block.first + block.count - 1])
          t.is(plan.outsideOwnerOf({ host, port }), instance);
      }
    }),
  );
});
