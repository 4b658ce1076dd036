import { test } from "uvu";
import * as assert from "uvu/assert";
import type { NewObject, Reservation, SharedObjects } from "../../../src/cluster/objects.ts";

/** A room under test. */
export interface OpenObjects extends AsyncDisposable {
	readonly objects: SharedObjects;
	/** Lets time pass, in milliseconds. */
	pass(ms: number): Promise<void>;
}

const A = "a".repeat(32);
const B = "b".repeat(32);
const C = "c".repeat(32);
const SHA = "0123456789abcdef".repeat(4);
const USE = { host: "one", leaseMs: 10_000 };

const reservation = (id: string, bytes: number, more: Partial<Reservation> = {}): Reservation => ({
	id,
	isFirst: true,
	bytes,
	wantedBytes: bytes,
	quotaBytes: 1_000,
	maxObjects: 10,
	leaseMs: 10_000,
	...more,
});

const object = (id: string, size: number, lifetimeMs = 60_000): NewObject => ({
	id,
	size,
	sha256: SHA,
	mimeType: "audio/wav; rate=8000",
	lifetimeMs,
});

async function put(objects: SharedObjects, id: string, size: number, lifetimeMs?: number): Promise<void> {
	assert.equal(await objects.reserve("alice", reservation(id, size)), { granted: size });
	assert.ok((await objects.commit("alice", object(id, size, lifetimeMs))) !== undefined);
}

/** The behaviour of every room of media objects. */
export function objectsConformance(open: () => Promise<OpenObjects>): void {
	test("an object is found by its guest alone, once it is stored and until it is removed", async () => {
		await using at = await open();
		const { objects } = at;
		await objects.reserve("alice", reservation(A, 300));
		assert.is(await objects.find("alice", A, USE), undefined);
		assert.is(await objects.commit("alice", object(A, 200)), 60_000);
		const { remainingMs = 0, ...found } = (await objects.find("alice", A, USE)) ?? {};
		assert.equal(found, { size: 200, sha256: SHA, mimeType: "audio/wav; rate=8000" });
		assert.ok(remainingMs > 55_000 && remainingMs <= 60_000);
		assert.is(await objects.find("bob", A, USE), undefined);
		assert.is(await objects.remove("bob", A, undefined), "unknown");
		assert.is(await objects.usedBy("alice"), 200);
		assert.equal(await objects.remove("alice", A, "one"), { guest: "alice", id: A, isComplete: true });
		assert.is(await objects.find("alice", A, USE), undefined);
		assert.is(await objects.remove("alice", A, "one"), "unknown");
		assert.is(await objects.usedBy("alice"), 0);
	});

	test("bytes of all writers count against the quota, and as many as fit are reserved ahead", async () => {
		await using at = await open();
		const { objects } = at;
		assert.equal(await objects.reserve("alice", reservation(A, 100, { wantedBytes: 600 })), { granted: 600 });
		assert.equal(await objects.reserve("alice", reservation(B, 400, { wantedBytes: 500 })), { granted: 400 });
		assert.equal(await objects.reserve("alice", reservation(C, 1)), { refused: "bytes", used: 1_000 });
		assert.equal(await objects.reserve("bob", reservation(C, 1_000)), { granted: 1_000 });
		await objects.commit("alice", object(A, 100));
		const more = reservation(B, 900, { isFirst: false });
		assert.equal(await objects.reserve("alice", more), { granted: 900 });
		assert.equal(await objects.reserve("alice", more), { granted: 900 });
		assert.is(await objects.usedBy("alice"), 1_000);
		assert.is(await objects.commit("alice", object(B, 901)), undefined);
		assert.equal(await objects.remove("alice", B, undefined), { guest: "alice", id: B, isComplete: false });
		assert.is(await objects.usedBy("alice"), 100);
	});

	test("concurrent reservations never exceed the quota together", async () => {
		await using at = await open();
		const ids = Array.from({ length: 50 }, (_, index) => `${index}`.padStart(32, "0"));
		const results = await Promise.all(ids.map((id) => at.objects.reserve("alice", reservation(id, 90, { maxObjects: 100 }))));
		assert.is(results.filter((result) => "granted" in result).length, 11);
		assert.is(await at.objects.usedBy("alice"), 990);
	});

	test("a guest has at most so many objects, with those that are being written", async () => {
		await using at = await open();
		const { objects } = at;
		await put(objects, A, 0);
		assert.equal(await objects.reserve("alice", reservation(B, 0, { maxObjects: 2 })), { granted: 0 });
		assert.equal(await objects.reserve("alice", reservation(C, 0, { maxObjects: 2 })), { refused: "objects" });
	});

	test("an object that expires is not found, releases its bytes at once, and its content is due", async () => {
		await using at = await open();
		const { objects } = at;
		await put(objects, A, 900, 40);
		await at.pass(60);
		assert.is(await objects.find("alice", A, USE), undefined);
		assert.equal(await objects.reserve("alice", reservation(B, 900, { leaseMs: 30_000 })), { granted: 900 });
		const due = [{ guest: "alice", id: A, isComplete: true }];
		await at.pass(10_000);
		assert.equal(await objects.takeDue(10, 10_000), due);
		assert.equal(await objects.takeDue(10, 10_000), []);
		await objects.forget("alice", due);
		await at.pass(30_000);
		assert.equal(await objects.takeDue(10, 10_000), [{ guest: "alice", id: B, isComplete: false }]);
	});

	test("a content that was taken and not forgotten is due again", async () => {
		await using at = await open();
		await put(at.objects, A, 10, 30);
		await at.pass(10_100);
		const due = [{ guest: "alice", id: A, isComplete: true }];
		assert.equal(await at.objects.takeDue(10, 500), due);
		await at.pass(600);
		assert.equal(await at.objects.takeDue(10, 500), due);
	});

	test("a writer without a renewal loses its object, and a renewed one does not", async () => {
		await using at = await open();
		const { objects } = at;
		await objects.reserve("alice", reservation(A, 600, { leaseMs: 100 }));
		await objects.reserve("alice", reservation(B, 100, { leaseMs: 100 }));
		await objects.renew("alice", { host: "one", leaseMs: 10_000, writing: [B], used: [] });
		await at.pass(150);
		assert.equal(await objects.reserve("alice", reservation(C, 900)), { granted: 900 });
		assert.equal(await objects.reserve("alice", reservation(A, 601, { isFirst: false })), { refused: "lost" });
		assert.is(await objects.commit("alice", object(A, 600)), undefined);
		assert.ok((await objects.commit("alice", object(B, 100))) !== undefined);
	});

	test("a content whose use ends is due at once, and its bytes are free for the next writer", async () => {
		await using at = await open();
		const { objects } = at;
		await put(objects, A, 900);
		await objects.find("alice", A, { host: "two", leaseMs: 30_000 });
		await objects.find("alice", A, { host: "three", leaseMs: 30_000 });
		assert.is(await objects.remove("alice", A, "one"), "later");
		await objects.release("alice", [A, B], "two");
		assert.equal(await objects.reserve("alice", reservation(B, 200)), { refused: "bytes", used: 900 });
		await objects.release("alice", [A], "three");
		assert.equal(await objects.reserve("alice", reservation(B, 200, { leaseMs: 100_000 })), { granted: 200 });
		await at.pass(60_000);
		assert.equal(await objects.takeDue(10, 1_000), [{ guest: "alice", id: A, isComplete: true }]);
	});

	test("a content that another host uses is deleted only after the use, and counts until then", async () => {
		await using at = await open();
		const { objects } = at;
		await put(objects, A, 900);
		await objects.find("alice", A, { host: "two", leaseMs: 150 });
		assert.is(await objects.remove("alice", A, "one"), "later");
		assert.is(await objects.find("alice", A, USE), undefined);
		assert.equal(await objects.reserve("alice", reservation(B, 200)), { refused: "bytes", used: 900 });
		await objects.renew("alice", { host: "two", leaseMs: 10_000, writing: [], used: [A] });
		await at.pass(200);
		assert.equal(await objects.takeDue(10, 1_000), []);
		await at.pass(70_000);
		assert.equal(await objects.takeDue(10, 1_000), [{ guest: "alice", id: A, isComplete: true }]);
		assert.is(await objects.usedBy("alice"), 0);
	});
}
