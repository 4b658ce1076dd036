import { createHash, randomBytes } from "node:crypto";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as types from "../../../generated/ir/types.ts";
import { MemoryStore } from "../../../src/cluster/memory/memory-store.ts";
import type { SharedObjects } from "../../../src/cluster/objects.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { GuestMedia } from "../../../src/media/guest-media.ts";
import type { MediaSettings } from "../../../src/media/media-settings.ts";
import { RequestMediaScope } from "../../../src/media/request-media-scope.ts";
import { DirectoryContents } from "../../../src/media/shared/contents/directory-contents.ts";
import { SharedMediaStore } from "../../../src/media/shared/shared-media-store.ts";
import { MediaStore } from "../../../src/media/store.ts";
import { bytesOf, countFiles, freshDirectory, gathered, never, refusal, SETTINGS, stored } from "../media-fixture.ts";

const UNKNOWN = "not_permitted: reference: this guest has no such media object; it may have expired or been removed";

interface Host {
	readonly store: SharedMediaStore;
	guest(name: string | undefined): GuestMedia;
}

interface Fleet extends AsyncDisposable {
	readonly one: Host;
	readonly two: Host;
	readonly memory: MemoryStore;
	readonly time: { now: number };
	readonly faults: unknown[];
	/** Returns the number of contents in the shared directory. */
	contents(): number;
	/** Returns the path of a content. */
	pathOf(reference: types.MediaRef): string;
}

async function fleet(more: Partial<MediaSettings> = {}, wrap = (objects: SharedObjects): SharedObjects => objects): Promise<Fleet> {
	const time = { now: 1_000_000 };
	const memory = new MemoryStore({ now: () => time.now });
	const root = freshDirectory();
	const faults: unknown[] = [];
	const host = async (name: string): Promise<Host> => {
		const contents = new DirectoryContents(root, 60_000);
		await contents.prepare();
		const local = await MediaStore.open({ ...SETTINGS, ...more }, { clock: () => time.now });
		const store = new SharedMediaStore({
			local,
			objects: wrap(memory.objects),
			contents,
			host: name,
			onFault: (cause) => faults.push(cause),
		});
		return {
			store,
			guest: (guest) => new GuestMedia(store, guest === undefined ? { id: "agent-1" } : { id: `guest-${guest}`, name: guest }),
		};
	};
	const one = await host("one");
	const two = await host("two");
	return {
		one,
		two,
		memory,
		time,
		faults,
		contents: () => countFiles(join(root, "contents")),
		pathOf(reference) {
			assert.ok(reference.type === "stored");
			const id = reference.stored.slice("sms+file://".length);
			return join(root, "contents", id.slice(0, 2), id);
		},
		async [Symbol.asyncDispose]() {
			await one.store.close();
			await two.store.close();
		},
	};
}

test("media put on one host are read on another, with the same facts", async () => {
	await using at = await fleet();
	const bytes = randomBytes(400);
	const info = await at.one.guest("alice").put(bytes, "audio/wav; rate=16000");
	const sha256 = createHash("sha256").update(bytes).digest("hex");
	assert.equal({ ...info, reference: null }, { reference: null, size: 400, mime_type: "audio/wav; rate=16000", sha256, expires_in: 60 });
	const alice = at.two.guest("alice");
	assert.equal(await alice.stat(info.reference), info);
	assert.ok(Buffer.from(await alice.get(info.reference)).equals(bytes));
	const content = await alice.open(info.reference, never);
	assert.ok(Buffer.from(await gathered(content.stream())).equals(bytes));
	using reader = await alice.reader(info.reference);
	assert.is((await reader.read(1_000))?.byteLength, 400);
	assert.is(await reader.read(1_000), undefined);
});

test("a reference of another guest, a guess and a malformed reference are refused on every host with the same errors as on one", async () => {
	await using at = await fleet();
	const { reference } = await at.one.guest("alice").put(bytesOf(100), undefined);
	for (const host of [at.one, at.two]) {
		for (const guest of ["bob", undefined]) {
			for (const guess of [reference, stored(`sms+file://${"0".repeat(32)}`)]) {
				assert.is(await refusal(host.guest(guest).get(guess)), UNKNOWN);
				assert.is(await refusal(host.guest(guest).remove(guess)), UNKNOWN);
			}
		}
		const malformed = host.guest("alice").stat(stored("sms+file://../x"));
		assert.is(await refusal(malformed), "invalid_request: reference: must be a reference that the media store returned, sms+file://<id>");
	}
	assert.is((await at.two.guest("alice").get(reference)).byteLength, 100);
});

test("the quota holds over both hosts, and a removal on either releases its bytes", async () => {
	await using at = await fleet();
	const [one, two] = [at.one.guest("alice"), at.two.guest("alice")];
	const { reference } = await one.put(bytesOf(1_000), undefined);
	await two.put(bytesOf(1_000), undefined);
	const refused =
		"not_permitted: the media quota of this guest is 3000 bytes (quota_bytes), of which 2000 are used: 1001 more do not fit; remove objects that are no longer needed";
	const writer = two.writer(undefined);
	await writer.write(bytesOf(600));
	assert.is(await refusal(one.put(bytesOf(500), undefined)), refused.replace("2000", "2600").replace("1001", "500"));
	writer.discard();
	await at.two.store.settled();
	await one.remove(reference);
	await two.put(bytesOf(1_000), undefined);
	await one.put(bytesOf(1_000), undefined);
	await at.one.guest("bob").put(bytesOf(1_000), undefined);
	assert.is(await at.memory.objects.usedBy("guest-alice"), 3_000);
	assert.is(at.contents(), 4);
});

test("concurrent writers on two hosts never exceed the quota together", async () => {
	await using at = await fleet();
	const puts = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? at.one : at.two).guest("alice").put(bytesOf(700), undefined));
	const results = await Promise.allSettled(puts);
	assert.is(results.filter(({ status }) => status === "fulfilled").length, 4);
	await at.one.store.settled();
	await at.two.store.settled();
	assert.is(at.contents(), 4);
});

test("an object that expires is gone on every host, and either host deletes the content", async () => {
	await using at = await fleet();
	const { reference } = await at.one.guest("alice").put(bytesOf(900), undefined);
	at.time.now += 59_999;
	assert.is((await at.two.guest("alice").stat(reference)).expires_in, 1);
	at.time.now += 1;
	assert.is(await refusal(at.two.guest("alice").get(reference)), UNKNOWN);
	assert.is(at.contents(), 1);
	at.time.now += 60_000;
	await at.two.store.deleteDue();
	assert.is(at.contents(), 0);
	assert.equal(at.faults, []);
});

test("an object in use by a request on one host is not deleted by another, which removes it", async () => {
	await using at = await fleet();
	const { reference } = await at.one.guest("alice").put(bytesOf(500), undefined);
	const scope = new RequestMediaScope(at.one.guest("alice"));
	await scope.admit(reference, "image");
	await at.two.guest("alice").remove(reference);
	assert.is(await refusal(at.one.guest("alice").get(reference)), UNKNOWN);
	for (let passed = 0; passed < 300_000; passed += 20_000) {
		at.time.now += 20_000;
		await at.one.store.renewLeases();
		await at.two.store.deleteDue();
	}
	const content = await scope.open(reference, never);
	assert.equal(await content.bytes(500), bytesOf(500));
	assert.is(await at.memory.objects.usedBy("guest-alice"), 500);
	scope.end("results");
	at.time.now += 61_000;
	await at.two.store.deleteDue();
	assert.is(at.contents(), 0);
	assert.is(await at.memory.objects.usedBy("guest-alice"), 0);
});

test("what a dead host was writing is released after its lease, and deleted by another", async () => {
	await using at = await fleet();
	const writer = at.one.guest("alice").writer(undefined);
	await writer.write(bytesOf(900));
	at.time.now += 40_000;
	await at.one.store.renewLeases();
	at.time.now += 40_000;
	await at.two.store.deleteDue();
	assert.is(await at.memory.objects.usedBy("guest-alice"), 900);
	at.time.now += 30_000;
	await at.two.store.deleteDue();
	assert.is(await at.memory.objects.usedBy("guest-alice"), 0);
	const lost = "internal: the object was given up, because the shared store could not be reached for too long; put it again";
	assert.is(await refusal(writer.write(bytesOf(100))), lost);
	assert.is(await refusal(writer.finish()), lost);
	await at.one.store.settled();
	assert.is(at.contents(), 0);
});

test("a content that is missing, shorter or another than was stored is a clear error", async () => {
	await using at = await fleet();
	const alice = at.two.guest("alice");
	const missing = "internal: the content of a stored object is missing or shorter than when it was stored; put the object again";
	const { reference } = await at.one.guest("alice").put(bytesOf(300), undefined);
	await writeFile(at.pathOf(reference), bytesOf(300, 1));
	assert.is(await refusal(alice.get(reference)), missing);
	await truncate(at.pathOf(reference), 100);
	assert.is(await refusal(alice.get(reference)), missing);
	await at.one.guest("alice").remove(reference);
	assert.is(await refusal(alice.get(reference)), UNKNOWN);
});

test("a record with more bytes than an object may have is refused before anything is read", async () => {
	await using at = await fleet({}, (objects) =>
		Object.assign(Object.create(objects) as SharedObjects, {
			find: async () => ({ size: 1e12, sha256: "0".repeat(64), mimeType: "image/png", remainingMs: 1 }),
		}),
	);
	const call = at.one.guest("alice").reader(stored(`sms+file://${"0".repeat(32)}`));
	assert.is(
		await refusal(call),
		"internal: reference: the object has 1000000000000 bytes, and this host takes at most 1000 (max_bytes); all hosts need the same limit",
	);
});

test("an unreachable store fails each call at once with an error that may be retried, and media of this host alone work", async () => {
	const down = async (): Promise<never> => {
		throw new StoreError("unreachable", "no connection to redis.internal");
	};
	await using at = await fleet({}, (objects) =>
		Object.assign(Object.create(objects) as SharedObjects, { find: down, reserve: down, takeDue: down }),
	);
	const alice = at.one.guest("alice");
	const failures = [alice.put(bytesOf(10), undefined), alice.stat(stored(`sms+file://${"0".repeat(32)}`))].map((call) =>
		call.then(
			() => undefined,
			(thrown: unknown) => (thrown instanceof SpearError ? [thrown.code, thrown.retryable, thrown.message] : thrown),
		),
	);
	const message = "the store that the hosts share does not answer, so media cannot be used now; try again later";
	assert.equal(await Promise.all(failures), [
		["internal", true, message],
		["internal", true, message],
	]);
	const scope = new RequestMediaScope(alice);
	const inline = await scope.admit({ type: "inline", inline: { data: bytesOf(10), mime_type: "image/png" } }, "image");
	assert.equal(await (await scope.open(inline, never)).bytes(10), bytesOf(10));
	scope.end("nothing");
});

test("inline bytes of a request and media of guests without a name stay on their host", async () => {
	await using at = await fleet();
	const scope = new RequestMediaScope(at.one.guest("alice"));
	await scope.admit({ type: "inline", inline: { data: bytesOf(100), mime_type: "image/png" } }, "image");
	const { reference } = await at.one.guest(undefined).put(bytesOf(100), undefined);
	assert.is((await at.one.guest(undefined).get(reference)).byteLength, 100);
	assert.is(await refusal(at.two.guest(undefined).get(reference)), UNKNOWN);
	assert.is(at.contents(), 0);
	assert.is(await at.memory.objects.usedBy("guest-alice"), 0);
	scope.end("nothing");
});

test("results of a request are read on another host, and removed if the guest received nothing", async () => {
	await using at = await fleet();
	for (const [delivered, count] of [
		["results", 1],
		["nothing", 1],
	] as const) {
		const scope = new RequestMediaScope(at.one.guest("alice"));
		const { reference } = await scope.store(chunks(bytesOf(300), 7), "image/png", never);
		scope.end(delivered);
		await new Promise(setImmediate);
		if (delivered === "results") assert.equal(await at.two.guest("alice").get(reference), bytesOf(300));
		while (at.contents() !== count) await new Promise(setImmediate);
	}
});

test("64 MB pass from one host to another in small memory", async () => {
	const size = 64 * 1024 * 1024;
	await using at = await fleet({ maxBytes: size, quotaBytes: size });
	const before = process.memoryUsage().arrayBuffers;
	let peak = 0;
	const measure = (): void => {
		peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
	};
	const writer = at.one.guest("alice").writer(undefined);
	const chunk = Buffer.alloc(256 * 1024, "content ");
	for (let written = 0; written < size; written += chunk.byteLength) {
		await writer.write(chunk);
		measure();
	}
	const { reference } = await writer.finish();
	using reader = await at.two.guest("alice").reader(reference);
	let bytes = 0;
	for (let part = await reader.read(1_048_576); part !== undefined; part = await reader.read(1_048_576)) {
		bytes += part.byteLength;
		measure();
	}
	assert.is(bytes, size);
	assert.ok(peak < 8 * 1024 * 1024, `${peak}`);
});

async function* chunks(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array, void, void> {
	for (let start = 0; start < bytes.byteLength; start += length) yield bytes.subarray(start, start + length);
}

test.run();
