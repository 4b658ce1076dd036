/** What every store keeps of the room `limits`. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LimitsRoom, PlacesAnswer, SliceAnswer, SliceRequest } from "../../../src/cluster/limits.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";

/** A room under test. */
export interface LimitsRig extends AsyncDisposable {
	readonly limits: LimitsRoom;
	/** Lets at least `ms` milliseconds pass. */
	pass(ms: number): Promise<void>;
}

/** Returns a request for a slice of a budget of 100. */
export function slice(given: Partial<SliceRequest> = {}): SliceRequest {
	const nothing = { want: 0, atLeast: 0, isWaiting: false, unused: 0, owed: 0, demand: 0, held: 0 };
	return { bucket: "guest:g:money", owner: "guest:g", capacity: 100, perMs: 0, ...nothing, ...given };
}

/** By room: what each host has told last. */
const told = new WeakMap<LimitsRoom, Map<string, SliceRequest["told"]>>();

/** Exchanges as a host does, which remembers what it has told. */
async function exchange(limits: LimitsRoom, host: string, given: Partial<SliceRequest>): Promise<SliceAnswer> {
	const byHost = told.get(limits) ?? new Map();
	told.set(limits, byHost);
	const request = slice({ ...given, told: byHost.get(host) });
	const [answer] = await limits.exchange(host, [request]);
	if (answer === undefined || answer instanceof StoreError) throw answer ?? new Error("there is no answer");
	byHost.set(host, { window: answer.window, demand: request.demand, held: request.held });
	return answer;
}

async function places(limits: LimitsRoom, host: string, target: number, isWaiting = false, limit = 3): Promise<PlacesAnswer> {
	const [answer] = await limits.exchangePlaces(host, [{ name: "backend:a", owner: "backend:a", limit, target, isWaiting }]);
	if (answer === undefined || answer instanceof StoreError) throw answer ?? new Error("there is no answer");
	return answer;
}

/** Adds the tests of the room. */
export function testLimits(open: () => Promise<LimitsRig>): void {
	test("a budget grants its amount once, takes back what is unused, and refuses the rest", async () => {
		await using rig = await open();
		const { limits } = rig;
		const first = await exchange(limits, "a", { want: 60, atLeast: 1 });
		assert.equal([first.granted, first.level, first.waitMs, first.hosts], [60, 40, 0, 1]);
		const refused = await exchange(limits, "b", { want: 60, atLeast: 60, isWaiting: true });
		assert.equal([refused.granted, refused.level, refused.waitMs, refused.hosts], [0, 40, undefined, 2]);
		const back = await exchange(limits, "a", { unused: 30 });
		assert.equal([back.level, back.isStarved], [70, true]);
		assert.is((await exchange(limits, "b", { want: 60, atLeast: 60 })).granted, 60);
	});

	test("what is owed is drawn below zero, and paid before anything is granted", async () => {
		await using rig = await open();
		const { limits } = rig;
		assert.is((await exchange(limits, "a", { owed: 130 })).level, -30);
		assert.is((await exchange(limits, "a", { want: 1, atLeast: 1 })).granted, 0);
		assert.is((await exchange(limits, "a", { unused: 50, want: 20, atLeast: 1 })).level, 0);
	});

	test("a rate fills on the time of the store up to its capacity, and tells the time until it holds an amount", async () => {
		await using rig = await open();
		const { limits } = rig;
		const rate = { bucket: "guest:g:requests", capacity: 100, perMs: 0.5 };
		await exchange(limits, "a", { ...rate, want: 100 });
		const { waitMs = 0 } = await exchange(limits, "a", { ...rate, want: 100, atLeast: 100 });
		assert.ok(waitMs > 180 && waitMs <= 200);
		await rig.pass(40);
		const { granted } = await exchange(limits, "a", { ...rate, want: 100, atLeast: 20 });
		assert.ok(granted >= 20 && granted < 90);
		await rig.pass(210);
		assert.is((await exchange(limits, "a", rate)).level, 100);
	});

	test("a bucket whose capacity changes keeps what was spent", async () => {
		await using rig = await open();
		const { limits } = rig;
		await exchange(limits, "a", { want: 60 });
		assert.is((await exchange(limits, "b", { capacity: 200 })).level, 140);
		assert.is((await exchange(limits, "a", { capacity: 50 })).level, -10);
		assert.is((await exchange(limits, "b", { capacity: 200 })).level, 140);
	});

	test("buckets of several owners are exchanged in one call, in their order", async () => {
		await using rig = await open();
		const names = ["x", "y", "x", "z"];
		const requests = names.map((owner, index) => slice({ owner, bucket: `${owner}${index}`, want: index }));
		const answers = await rig.limits.exchange("a", requests);
		assert.equal(
			answers.map((answer) => (answer instanceof StoreError ? answer : answer.granted)),
			[0, 1, 2, 3],
		);
	});

	test("one of several hosts takes at most half of a scarce bucket, unless a request needs more", async () => {
		await using rig = await open();
		const { limits } = rig;
		await exchange(limits, "a", { want: 60, demand: 100 });
		assert.is((await exchange(limits, "b", { want: 100, demand: 1 })).granted, 20);
		assert.is((await exchange(limits, "a", { want: 100, atLeast: 15, demand: 100 })).granted, 15);
		const { share, hosts } = await exchange(limits, "b", { demand: 25 });
		assert.equal([hosts, share], [2, 0.2]);
	});

	test("an amount that a refused host waits for is kept for it", async () => {
		await using rig = await open();
		const { limits } = rig;
		const rate = { bucket: "guest:g:tokens", capacity: 100, perMs: 0.2 };
		await exchange(limits, "a", { ...rate, want: 100 });
		assert.is((await exchange(limits, "small", { ...rate, want: 60, atLeast: 60, isWaiting: true })).granted, 0);
		await rig.pass(350);
		assert.is((await exchange(limits, "a", { ...rate, want: 60, atLeast: 60, isWaiting: true })).granted, 0);
		assert.ok((await exchange(limits, "small", { ...rate, want: 60, atLeast: 60, isWaiting: true })).granted >= 60);
	});

	test("a single request is not kept for a refused host, because none is smaller", async () => {
		await using rig = await open();
		const { limits } = rig;
		const rate = { capacity: 1, perMs: 0.01, atLeast: 1, want: 1, isWaiting: true };
		assert.is((await exchange(limits, "a", rate)).granted, 1);
		assert.is((await exchange(limits, "gone", rate)).granted, 0);
		await rig.pass(110);
		assert.is((await exchange(limits, "a", rate)).granted, 1);
	});

	test("a host is told what others hold unspent", async () => {
		await using rig = await open();
		const { limits } = rig;
		await exchange(limits, "a", { want: 90 });
		await exchange(limits, "a", { held: 90 });
		const { heldByOthers } = await exchange(limits, "b", { want: 50, atLeast: 50 });
		assert.is(heldByOthers, 90);
	});

	test("places go to hosts up to the limit, and come back", async () => {
		await using rig = await open();
		const { limits } = rig;
		assert.equal(await places(limits, "a", 2), { held: 2, hosts: 1, isContended: false });
		assert.equal(await places(limits, "b", 2), { held: 1, hosts: 2, isContended: false });
		assert.is((await places(limits, "a", 1)).held, 1);
		assert.is((await places(limits, "b", 2)).held, 2);
	});

	test("a free place is kept for the host that waits, which all hosts are told", async () => {
		await using rig = await open();
		const { limits } = rig;
		const news = Promise.withResolvers<string>();
		const end = limits.onPlaces(news.resolve);
		await rig.pass(20); // A subscription takes a moment.
		await places(limits, "a", 1, false, 1);
		assert.equal(await places(limits, "b", 1, true, 1), { held: 0, hosts: 2, isContended: false });
		assert.is(await news.promise, "backend:a");
		end();
		assert.equal(await places(limits, "a", 0, false, 1), { held: 0, hosts: 1, isContended: true });
		assert.equal(await places(limits, "a", 1, true, 1), { held: 0, hosts: 2, isContended: true });
		assert.equal(await places(limits, "b", 1, true, 1), { held: 1, hosts: 1, isContended: false });
	});
}
