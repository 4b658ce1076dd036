import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MemoryAccount } from "../../src/memory/memory-account.ts";
import { TotalMemory } from "../../src/memory/total-memory.ts";
import { usedAfterGc } from "../helpers/memory.ts";

/** An instance whose linear memory the test grows. */
class FakeInstance {
	linear: number;
	ended: string | undefined;
	readonly account: MemoryAccount;

	constructor(total: TotalMemory, initialBytes = 0) {
		this.linear = initialBytes;
		this.account = new MemoryAccount({
			limit: Number.POSITIVE_INFINITY,
			total,
			initialBytes,
			onEvict: (error) => {
				this.ended = `${error.code}: ${error.message}`;
			},
		});
		this.account.attach(() => this.linear);
	}

	/** Grows the memory, as a guest does between two checks, and checks. */
	grow(bytes: number): "ok" | "refused" {
		this.linear += bytes;
		return this.account.checkGrowth();
	}
}

test("a growth within nine tenths of the limit is allowed", () => {
	const instance = new FakeInstance(new TotalMemory(1_000));
	assert.is(instance.grow(900), "ok");
	assert.is(instance.grow(1), "refused");
	assert.match(instance.ended ?? "", /^rate_limited: out of memory: .* held 901 of 1000 bytes \(max_total_memory_bytes\)/);
});

test("the instance that has grown most since the sum was within the limit ends, and a smaller growth goes on", () => {
	const total = new TotalMemory(1_000);
	const [large, small] = [new FakeInstance(total, 100), new FakeInstance(total, 100)];
	large.linear += 750;
	total.sample();
	assert.is(small.grow(50), "ok");
	assert.match(large.ended ?? "none", /^rate_limited/);
	assert.is(small.ended, undefined);
	assert.is(large.account.checkGrowth(), "refused");
});

test("the newest of equal growths ends", () => {
	const total = new TotalMemory(1_000);
	const instances = [new FakeInstance(total, 450), new FakeInstance(total, 450)];
	for (const instance of instances) instance.linear += 100;
	assert.is(instances[0]?.account.checkGrowth(), "ok");
	assert.equal(
		instances.map(({ ended }) => ended !== undefined),
		[false, true],
	);
});

test("an instance that does not grow is never ended, however much it holds", () => {
	const total = new TotalMemory(1_000);
	const [old, fresh] = [new FakeInstance(total), new FakeInstance(total, 100)];
	assert.is(old.grow(790), "ok");
	for (let count = 0; count < 10; count += 1) assert.is(old.account.checkGrowth(), "ok");
	assert.is(fresh.grow(20), "refused");
	assert.is(old.account.checkGrowth(), "ok");
	assert.is(old.ended, undefined);
});

test("a check after another instance has filled the host ends no instance without growth", () => {
	const total = new TotalMemory(1_000);
	const [idle, hog] = [new FakeInstance(total, 500), new FakeInstance(total)];
	hog.linear = 600;
	total.sample();
	assert.is(idle.account.checkGrowth(), "ok");
	assert.is(hog.account.checkGrowth(), "refused");
});

test("while an instance is ending, others may grow into its memory up to the whole limit", () => {
	const total = new TotalMemory(1_000);
	const instances = [1, 2, 3].map(() => new FakeInstance(total, 250));
	const [ending, larger, smaller] = instances;
	assert.is(ending?.grow(200), "refused");
	assert.is(larger?.grow(30), "ok");
	assert.is(smaller?.grow(21), "ok");
	assert.equal(
		instances.map(({ ended }) => ended !== undefined),
		[true, true, false],
	);
	ending?.account.close();
	larger?.account.close();
	assert.is(smaller?.grow(500), "ok");
});

test("the sum of 20 guests that allocate to their caps stays within the limit and the growth between two checks", () => {
	const MB = 1 << 20;
	const cap = 256 * MB;
	const step = fc.integer({ min: 1, max: 64 }).map((pages) => pages * 65_536);
	fc.assert(
		fc.property(fc.infiniteStream(step), fc.infiniteStream(fc.nat({ max: 19 })), (steps, picks) => {
			const limit = 1_000 * MB;
			const total = new TotalMemory(limit);
			const guests = Array.from({ length: 20 }, () => new FakeInstance(total, MB));
			let peak = 0;
			for (let count = 0; count < 5_000; count += 1) {
				const guest = guests[picks.next().value];
				if (guest === undefined || guest.ended !== undefined || guest.linear >= cap) continue;
				const outcome = guest.grow(Math.min(steps.next().value, cap - guest.linear));
				peak = Math.max(peak, total.used);
				// The engine ends a refused guest at its check; an ended guest that waits is closed by the host.
				for (const each of guests) if (each.ended !== undefined) each.account.close();
				assert.is(outcome === "refused", guest.ended !== undefined);
			}
			assert.ok(peak <= limit * 0.9 + 20 * 4 * MB, `${peak / MB} MB`);
			const alive = guests.filter(({ ended }) => ended === undefined);
			assert.ok(alive.length >= 3, `${alive.length} guests are left`);
		}),
		{ numRuns: 20 },
	);
});

test("instances that have left are not held, also those that a round of samples has not reached", async () => {
	const total = new TotalMemory(1_000_000);
	const left: WeakRef<object>[] = [];
	const joinAndLeave = (): void => {
		const instances = Array.from({ length: 200 }, () => new FakeInstance(total, 1));
		total.sample();
		for (const { account } of instances) {
			left.push(new WeakRef(account));
			account.close();
		}
	};
	joinAndLeave();
	await new Promise((resolve) => setImmediate(resolve));
	usedAfterGc("heapUsed");
	assert.is(left.filter((reference) => reference.deref() !== undefined).length, 0);
	assert.is(total.used, 0);
});

test("a round of samples reaches all of many instances", () => {
	const total = new TotalMemory(1_000_000);
	const instances = Array.from({ length: 200 }, () => new FakeInstance(total, 1));
	for (const instance of instances) instance.linear = 2;
	for (let starts = 0; starts < 200 && total.used < 400; starts += 1) total.sample();
	assert.is(total.used, 400);
});

test.run();
