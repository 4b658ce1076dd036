import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { Charge } from "../../src/memory/charge.ts";
import { MemoryAccount } from "../../src/memory/memory-account.ts";
import { TotalMemory } from "../../src/memory/total-memory.ts";

function refusal(act: () => void): string {
	try {
		act();
		return "none";
	} catch (error) {
		return error instanceof SpearError ? `${error.code}, ${error.retryable ? "retryable" : "final"}: ${error.message}` : String(error);
	}
}

test("a charge beyond the limit of the account is refused with kind, use, limit and setting, and charges nothing", () => {
	const account = new MemoryAccount({ limit: 1_000, total: new TotalMemory(10_000) });
	account.charge("sessions", 900);
	assert.match(
		refusal(() => account.charge("media", 101)),
		/^not_permitted, final: media: 101 bytes .* holds 900 of 1000 bytes \(max_instance_bytes\)/,
	);
	assert.is(account.used, 900);
	account.charge("media", 100);
	assert.equal(account.report(), {
		limit: 1_000,
		used: 1_000,
		kinds: { linear: 0, instance: 0, sessions: 900, queues: 0, media: 100, calls: 0 },
	});
});

test("a charge beyond the sum of the host is refused as retryable, and fits after another account has closed", () => {
	const total = new TotalMemory(1_000);
	const first = new MemoryAccount({ limit: 1_000, total, initialBytes: 600, overheadBytes: 100 });
	const second = new MemoryAccount({ limit: 1_000, total });
	assert.match(
		refusal(() => second.charge("calls", 400)),
		/^rate_limited, retryable: calls: 400 bytes .* hold 700 of 1000 bytes \(max_total_memory_bytes\)/,
	);
	first.close();
	second.charge("calls", 400);
	assert.is(total.used, 400);
});

test("linear memory counts as it is now, from its initial size on", () => {
	const total = new TotalMemory(10_000);
	const account = new MemoryAccount({ limit: 1_000, total, initialBytes: 300 });
	assert.is(total.used, 300);
	let linear = 300;
	account.attach(() => linear);
	linear = 950;
	assert.match(
		refusal(() => account.charge("calls", 51)),
		/holds 950 of 1000/,
	);
	account.charge("calls", 50);
	assert.is(account.report().kinds.linear, 950);
	assert.is(total.used, 1_000);
});

test("bytes that arrived from an upstream are counted beyond the limit, and leave no room", () => {
	const account = new MemoryAccount({ limit: 100, total: new TotalMemory(10_000) });
	account.count("queues", 150);
	assert.is(account.used, 150);
	assert.not(account.hasRoom(0));
	account.release("queues", 60);
	assert.ok(account.hasRoom(10));
	assert.not(account.hasRoom(11));
});

test("an answer counts until it is taken, or until the next one is delivered", () => {
	const account = new MemoryAccount({ limit: 1_000, total: new TotalMemory(10_000) });
	account.deliver(300);
	account.deliver(200);
	assert.is(account.used, 200);
	account.taken();
	account.taken();
	assert.is(account.used, 0);
});

test("a closed account counts what the host still holds, refuses more, and leaves the sum with its last byte", () => {
	const total = new TotalMemory(10_000);
	const account = new MemoryAccount({ limit: 1_000, total, initialBytes: 500, overheadBytes: 100 });
	account.charge("media", 70);
	account.deliver(30);
	account.close();
	assert.is(total.used, 70);
	assert.match(
		refusal(() => account.charge("media", 1)),
		/^cancelled/,
	);
	account.deliver(5);
	account.release("media", 70);
	assert.is(account.used, 0);
	assert.is(total.used, 0);
	account.close();
	assert.is(total.used, 0);
});

test("a charge of an owner is released once, whatever follows its end", () => {
	const account = new MemoryAccount({ limit: 1_000, total: new TotalMemory(10_000) });
	const charge = new Charge(account, "sessions");
	charge.add(400);
	assert.match(
		refusal(() => charge.add(601)),
		/^not_permitted/,
	);
	charge.count(50);
	charge.release(20);
	assert.is(account.used, 430);
	charge.close();
	charge.close();
	charge.add(10);
	charge.count(10);
	charge.release(10);
	assert.is(account.used, 0);
});

test("the sum is that of its accounts, and nothing is left when all have released and closed", () => {
	const step = fc.record({
		account: fc.nat({ max: 3 }),
		kind: fc.constantFrom("sessions" as const, "queues" as const, "media" as const, "calls" as const),
		what: fc.constantFrom("charge" as const, "count" as const, "release" as const, "deliver" as const, "grow" as const, "close" as const),
		bytes: fc.nat({ max: 400 }),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
			const total = new TotalMemory(2_000);
			const linear = [0, 0, 0, 0];
			const accounts = linear.map((_, index) => {
				const account = new MemoryAccount({ limit: 1_000, total, overheadBytes: 10 });
				account.attach(() => linear[index] ?? 0);
				return account;
			});
			const held: (() => void)[][] = linear.map(() => []);
			for (const { account: index, kind, what, bytes } of steps) {
				const account = accounts[index];
				if (account === undefined) throw new Error("no account");
				const hold = (): number | undefined => held[index]?.push(() => account.release(kind, bytes));
				if (what === "charge") {
					const before = account.used;
					if (refusal(() => account.charge(kind, bytes)) === "none") hold();
					else assert.ok(account.used >= before);
				} else if (what === "count") {
					account.count(kind, bytes);
					hold();
				} else if (what === "release") held[index]?.pop()?.();
				else if (what === "deliver") account.deliver(bytes);
				else if (what === "grow") linear[index] = (linear[index] ?? 0) + bytes;
				else account.close();
				assert.is(
					total.used,
					accounts.reduce((sum, { used }) => sum + used, 0),
				);
			}
			for (const release of held.flat()) release();
			for (const account of accounts) account.close();
			assert.equal(
				accounts.map(({ used }) => used),
				[0, 0, 0, 0],
			);
			assert.is(total.used, 0);
		}),
	);
});

test.run();
