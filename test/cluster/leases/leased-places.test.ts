import { test } from "uvu";
import * as assert from "uvu/assert";
import { LeasedPlaces } from "../../../src/cluster/leases/leased-places.ts";
import type { Places } from "../../../src/router/limits/places.ts";
import { LeaseRig } from "../../helpers/leases.ts";

/** A host that uses places of one limit. */
interface User {
	readonly all: LeasedPlaces;
	readonly places: Places;
	used: number;
	freed: number;
	/** Requests that ended. */
	served: number;
}

function userOf(rig: LeaseRig, name: string, limit: number): User {
	const all = new LeasedPlaces(rig.options(name));
	const user = { all, used: 0, freed: 0, served: 0 };
	const onFree = (): void => {
		user.freed += 1;
	};
	return Object.assign(user, { places: all.places("instance:a", "instance:a", limit, () => user.used, onFree) });
}

/** Starts as many requests as this host may. */
function fill(user: User, wanted: number): void {
	while (user.used < wanted && user.used < user.places.allowed) user.used += 1;
	if (user.used < wanted) user.places.want();
}

test("a host has no place before it asks, is woken when some arrive, and asks for more ahead of need", async () => {
	const rig = new LeaseRig();
	const user = userOf(rig, "a", 10);
	assert.is(user.places.allowed, 0);
	user.places.want();
	await rig.clock.advance(0);
	assert.equal([user.places.allowed, user.freed], [1, 1]);
	user.used = 1;
	await rig.clock.advance(50);
	assert.is(user.places.allowed, 2);
	user.used = 2;
	await rig.clock.advance(50);
	assert.is(user.places.allowed, 3);
});

test("places that are not used go back, and those of a host that closes at once", async () => {
	const rig = new LeaseRig();
	const [a, b] = [userOf(rig, "a", 4), userOf(rig, "b", 4)];
	for (let i = 0; i < 6; i++) {
		fill(a, 4);
		await rig.clock.advance(150);
	}
	assert.equal([a.used, a.places.allowed], [4, 4]);
	a.used = 0;
	await rig.clock.advance(3_000);
	assert.is(a.places.allowed, 0);
	for (let i = 0; i < 6; i++) {
		fill(b, 4);
		await rig.clock.advance(150);
	}
	assert.is(b.used, 4);
	await b.all.close();
	fill(a, 1);
	await rig.clock.advance(150);
	assert.is(a.places.allowed >= 1, true);
});

for (const [limit, hosts] of [
	[1, 2],
	[2, 5],
	[3, 8],
	[8, 4],
] as const) {
	test(`${hosts} hosts with more requests than ${limit} places all get their turns, and never exceed the limit`, async () => {
		const rig = new LeaseRig();
		const users = Array.from({ length: hosts }, (_, index) => userOf(rig, `h${index}`, limit));
		let [busy, ticks] = [0, 0];
		for (let ms = 0; ms < 20_000; ms += 10) {
			for (const user of users) {
				if (ms % 50 === 0) {
					user.served += user.used;
					user.used = 0;
				}
				fill(user, limit);
			}
			const used = users.reduce((sum, user) => sum + user.used, 0);
			assert.ok(used <= limit, `${used} of ${limit} at ${ms}`);
			busy += used;
			ticks += 1;
			await rig.clock.advance(10);
		}
		const least = Math.min(...users.map(({ served }) => served));
		const mean = users.reduce((sum, { served }) => sum + served, 0) / hosts;
		assert.ok(least > mean / 4, `${users.map(({ served }) => served)}`);
		assert.ok(busy / ticks > limit * 0.5, `${busy / ticks} of ${limit} in use`);
	});
}

test("places expire for a process that was stopped", async () => {
	const rig = new LeaseRig();
	const user = userOf(rig, "a", 3);
	fill(user, 1);
	await rig.clock.advance(10);
	assert.ok(user.places.allowed > 0);
	const real = rig.clock.now.bind(rig.clock);
	rig.clock.now = () => real() + 20_000; // No timer has fired.
	assert.is(user.places.allowed, 0);
});

for (const [policy, allowed] of [
	["local_share", 5],
	["allow", 10],
	["refuse", 0],
] as const) {
	test(`without the store, the policy ${policy} leaves ${allowed} of 10 places to one of two hosts`, async () => {
		const rig = new LeaseRig();
		rig.policies = { ...rig.policies, concurrency: policy };
		const [user, other] = [userOf(rig, "a", 10), userOf(rig, "b", 10)];
		for (const each of [other, user]) {
			fill(each, 1);
			await rig.clock.advance(10);
			each.used = 1;
		}
		await rig.clock.advance(1_500);
		assert.equal(
			user.all.report().map(({ hosts }) => hosts),
			[2],
		);
		rig.connection.set(false);
		await rig.clock.advance(12_000);
		assert.equal([user.places.allowed, user.places.detail?.includes("cut")], [allowed, true]);
		assert.equal(
			rig.changes.map(({ unit, policy: applied }) => [unit, applied]),
			[
				["concurrency", policy],
				["concurrency", policy],
			],
		);
		rig.connection.set(true);
		await rig.clock.advance(100);
		assert.is(user.places.detail, undefined);
	});
}

test.run();
