import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GuestMedia } from "../../src/media/guest-media.ts";
import { MediaStore } from "../../src/media/store.ts";
import { bytesOf, countFiles, freshDirectory, gathered, never, openStore, refusal, SETTINGS, stored } from "./media-fixture.ts";

const UNKNOWN = "not_permitted: reference: this guest has no such media object; it may have expired or been removed";
const MALFORMED = "invalid_request: reference: must be a reference that the media store returned, sms+file://<id>";
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("an object is returned as it was put, with its size, media type, hash and remaining lifetime", async () => {
	const { store, guest, files } = await openStore();
	const alice = guest("alice");
	const bytes = bytesOf(300);
	const info = await alice.put(bytes, "audio/wav; rate=16000");
	assert.equal(
		{ ...info, reference: null },
		{
			reference: null,
			size: 300,
			mime_type: "audio/wav; rate=16000",
			sha256: sha256(bytes),
			expires_in: 60,
		},
	);
	assert.equal(await alice.stat(info.reference), info);
	assert.equal(await alice.get(info.reference), bytes);
	const content = await alice.open(info.reference, never);
	assert.equal({ mimeType: content.mimeType, size: content.size }, { mimeType: "audio/wav; rate=16000", size: 300 });
	assert.equal(await gathered(content.stream()), bytes);
	assert.equal(await content.bytes(300), bytes);
	assert.is(await refusal(content.bytes(299)), "invalid_request: the object has 300 bytes: at most 299 bytes can be used here");
	assert.equal(await files(), { blobs: 1, objects: 1, tmp: 0 });
	await store.close();
});

test("an object may be empty", async () => {
	const { store, guest } = await openStore();
	const { reference, size, mime_type } = await guest("alice").put(new Uint8Array(0), undefined);
	assert.equal({ size, mime_type }, { size: 0, mime_type: "application/octet-stream" });
	assert.is((await guest("alice").get(reference)).byteLength, 0);
	await store.close();
});

test("a reference of another guest is refused with the same error as a guess or the hash of its content", async () => {
	const { store, guest } = await openStore();
	const { reference, sha256: hash } = await guest("alice").put(bytesOf(100), undefined);
	assert.ok(reference.type === "stored");
	const bob = guest("bob");
	const guesses = [reference, stored(`sms+file://${hash.slice(0, 32)}`), stored(`sms+file://${"0".repeat(32)}`)];
	for (const guess of guesses) {
		assert.is(await refusal(bob.get(guess)), UNKNOWN);
		assert.is(await refusal(bob.stat(guess)), UNKNOWN);
		assert.is(await refusal(bob.remove(guess)), UNKNOWN);
		assert.is(await refusal(bob.reader(guess)), UNKNOWN);
		assert.is(await refusal(bob.open(guess, never)), UNKNOWN);
		assert.is(await refusal(bob.admit(guess, "reference")), UNKNOWN);
	}
	assert.is(await refusal(bob.get(stored(`sms+file://${hash}`))), MALFORMED);
	// An object of equal content gives no access to the other one.
	await bob.put(bytesOf(100), undefined);
	assert.is(await refusal(bob.get(reference)), UNKNOWN);
	assert.is((await guest("alice").get(reference)).byteLength, 100);
	await store.close();
});

test("a malformed reference is refused", async () => {
	const { store, guest } = await openStore();
	const { reference } = await guest("alice").put(bytesOf(100), undefined);
	assert.ok(reference.type === "stored");
	const id = reference.stored.slice("sms+file://".length);
	const forms = [
		"",
		id,
		"sms+file://",
		`sms+file://${id}/`,
		`sms+file://${id}\0`,
		`sms+file://${id}\n`,
		` sms+file://${id}`,
		`sms+file://${id.toUpperCase()}g`,
		`SMS+FILE://${id}`,
		`sms+file:/${id}`,
		`sms+file:///${id}`,
		`sms+file://./${id}`,
		`sms+file://../blobs/${id}`,
		"sms+file://../..",
		"sms+file://..%2f..%2fetc%2fpasswd",
		"sms+file://%2e%2e%2f%2e%2e",
		"sms+file:///etc/passwd",
		"sms+file://C:\\windows",
		`sms+file://${"a".repeat(1_000_000)}`,
		`file://${id}`,
	];
	for (const form of forms) {
		assert.is(await refusal(guest("alice").get(stored(form))), MALFORMED, form.slice(0, 80));
		assert.is(await refusal(guest("alice").remove(stored(form))), MALFORMED, form.slice(0, 80));
	}
	assert.is(
		await refusal(guest("alice").get({ type: "inline", inline: { data: bytesOf(1), mime_type: "a/b" } })),
		"invalid_request: reference: must be a stored reference, not inline",
	);
	assert.is(
		await refusal(guest("alice").stat({ type: "url", url: "http://127.0.0.1/" })),
		"invalid_request: reference: must be a stored reference, not url",
	);
	await store.close();
});

test("an object of max_bytes is stored and one more byte is refused, in one write or several", async () => {
	const { store, guest, files } = await openStore();
	const alice = guest("alice");
	const tooLarge = "invalid_request: the object is larger than 1000 bytes, the host's limit for one object (max_bytes)";
	assert.is((await alice.put(bytesOf(1000), undefined)).size, 1000);
	assert.is(await refusal(alice.put(bytesOf(1001), undefined)), tooLarge);
	const writer = alice.writer(undefined);
	await writer.write(bytesOf(600));
	assert.is(await refusal(writer.write(bytesOf(401))), tooLarge);
	await writer.write(bytesOf(400));
	assert.is((await writer.finish()).size, 1000);
	assert.is(store.usedBy("alice"), 2000);
	assert.equal(await files(), { blobs: 2, objects: 2, tmp: 0 });
	await store.close();
});

test("the quota is exact and separate for each guest, and counts equal content once for each object", async () => {
	const { store, guest, files } = await openStore();
	const alice = guest("alice");
	for (let object = 0; object < 3; object++) await alice.put(bytesOf(1000), undefined);
	assert.is(
		await refusal(alice.put(bytesOf(1), undefined)),
		"not_permitted: the media quota of this guest is 3000 bytes (quota_bytes), of which 3000 are used: 1 more do not fit; remove objects that are no longer needed",
	);
	assert.is((await guest("bob").put(bytesOf(1000), undefined)).size, 1000);
	assert.equal({ alice: store.usedBy("alice"), bob: store.usedBy("bob") }, { alice: 3000, bob: 1000 });
	assert.equal(await files(), { blobs: 1, objects: 4, tmp: 0 });
	await store.close();
});

test("concurrent writers together cannot exceed the quota", async () => {
	const { store, guest } = await openStore();
	const alice = guest("alice");
	const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, seed) => alice.put(bytesOf(700, seed), undefined)));
	assert.is(outcomes.filter(({ status }) => status === "fulfilled").length, 4);
	assert.is(store.usedBy("alice"), 2800);
	await store.close();
});

test("the quota is released when an object is removed, expires or is discarded before its end", async () => {
	const { store, guest, time, files } = await openStore();
	const alice = guest("alice");
	const first = await alice.put(bytesOf(1000), undefined);
	await alice.remove(first.reference);
	assert.is(store.usedBy("alice"), 0);
	assert.is(await refusal(alice.get(first.reference)), UNKNOWN);
	const writer = alice.writer(undefined);
	await writer.write(bytesOf(900));
	assert.is(store.usedBy("alice"), 900);
	writer.discard();
	assert.is(store.usedBy("alice"), 0);
	assert.is(await refusal(writer.write(bytesOf(1))), "invalid_request: the writer was discarded; open a new writer");
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 0 });
	for (let object = 0; object < 3; object++) await alice.put(bytesOf(1000, object), undefined);
	time.now += 60_000;
	assert.is((await alice.put(bytesOf(1000), undefined)).size, 1000);
	assert.is(store.usedBy("alice"), 1000);
	assert.equal(await files(), { blobs: 1, objects: 1, tmp: 0 });
	await store.close();
});

test("an object that the disk refuses releases its quota and leaves no file", async () => {
	const { store, guest, dir, faults } = await openStore();
	rmSync(join(dir, "tmp"), { recursive: true });
	const writer = guest("alice").writer(undefined);
	const refused = "internal: the host could not store the object; its log has the details";
	assert.is(await refusal(writer.write(bytesOf(10))), refused);
	assert.is(await refusal(writer.finish()), refused);
	assert.is(store.usedBy("alice"), 0);
	mkdirSync(join(dir, "tmp"));
	rmSync(join(dir, "objects"), { recursive: true });
	assert.is(await refusal(guest("alice").put(bytesOf(10), undefined)), refused);
	await store.settled();
	assert.is(store.usedBy("alice"), 0);
	assert.is(countFiles(join(dir, "blobs")), 0);
	assert.equal(faults, []);
	await store.close();
});

test("an object is found until it expires, and not from that millisecond on", async () => {
	const { store, guest, time, files } = await openStore();
	const alice = guest("alice");
	const { reference } = await alice.put(bytesOf(100), undefined);
	time.now += 58_500;
	assert.is((await alice.stat(reference)).expires_in, 2);
	time.now += 1_499;
	assert.is((await alice.stat(reference)).expires_in, 1);
	assert.is((await alice.get(reference)).byteLength, 100);
	time.now += 1;
	assert.is(await refusal(alice.stat(reference)), UNKNOWN);
	assert.is(store.usedBy("alice"), 0);
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 0 });
	await store.close();
});

test("an object that is removed while it is read stays readable and counts against the quota until its reader is disposed", async () => {
	const { store, guest, files } = await openStore();
	const alice = guest("alice");
	const bytes = bytesOf(1000);
	const { reference } = await alice.put(bytes, undefined);
	const reader = await alice.reader(reference);
	assert.equal(await reader.read(300), bytes.slice(0, 300));
	await alice.remove(reference);
	assert.is(await refusal(alice.stat(reference)), UNKNOWN);
	assert.is(store.usedBy("alice"), 1000);
	assert.equal(await reader.read(4_000_000_000), bytes.slice(300));
	assert.is(await reader.read(1), undefined);
	assert.is(await reader.read(1), undefined);
	assert.is(await refusal(reader.read(0)), "invalid_request: max-bytes: must be at least 1");
	assert.equal(await files(), { blobs: 1, objects: 1, tmp: 0 });
	reader[Symbol.dispose]();
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 0 });
	assert.is(store.usedBy("alice"), 0);
	await store.close();
});

test("content that several objects share is removed with the last of them, when objects are added and removed concurrently", async () => {
	const { store, guest, files } = await openStore({ quotaBytes: 1_000_000 });
	const alice = guest("alice");
	const bytes = bytesOf(500);
	const kept = await alice.put(bytes, undefined);
	await Promise.all(
		Array.from({ length: 20 }, async () => {
			const { reference } = await alice.put(bytes, undefined);
			await alice.remove(reference);
		}),
	);
	assert.equal(await alice.get(kept.reference), bytes);
	await alice.remove(kept.reference);
	// The last object is removed while the next is added.
	const [, next] = await Promise.all([
		alice.put(bytes, undefined).then(({ reference }) => alice.remove(reference)),
		alice.put(bytes, undefined),
	]);
	assert.equal(await alice.get(next.reference), bytes);
	assert.equal(await files(), { blobs: 1, objects: 1, tmp: 0 });
	await store.close();
});

test("`get` refuses an object that is larger than max_call_bytes", async () => {
	const { store, guest } = await openStore();
	const { reference } = await guest("alice").put(bytesOf(501), undefined);
	assert.is(
		await refusal(guest("alice").get(reference)),
		"invalid_request: reference: the object has 501 bytes, one call returns at most 500 (max_call_bytes); use a reader",
	);
	await store.close();
});

test("a writer refuses every call after `finish`", async () => {
	const { store, guest } = await openStore();
	const writer = guest("alice").writer("text/plain");
	await Promise.all([writer.write(Buffer.from("ab")), writer.write(Buffer.from("cd"))]);
	const { reference } = await writer.finish();
	const finished = "invalid_request: the object is finished; open a new writer";
	assert.is(await refusal(writer.write(bytesOf(1))), finished);
	assert.is(await refusal(writer.finish()), finished);
	writer.discard();
	assert.is(Buffer.from(await guest("alice").get(reference)).toString(), "abcd");
	await store.close();
});

test("a malformed media type is refused", async () => {
	const { store, guest } = await openStore();
	for (const mimeType of ["", "wav", "audio/", "a/b\r\nx: y", "a/b;x", `a/${"b".repeat(130)}`]) {
		assert.is(await refusal(guest("alice").put(bytesOf(1), mimeType)), "invalid_request: mime-type: is not a media type such as image/png");
	}
	await store.close();
});

test("a writer that is discarded while it finishes leaves no file", async () => {
	const { store, guest, files } = await openStore();
	const writer = guest("alice").writer(undefined);
	await writer.write(bytesOf(100));
	const finishing = writer.finish();
	writer.discard();
	await finishing;
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 0 });
	assert.is(store.usedBy("alice"), 0);
	await store.close();
});

test("the result of an upstream leaves no file when it breaks off, is aborted or is too large", async () => {
	const { store, guest, files } = await openStore();
	const alice = guest("alice");
	const result = await alice.store(chunksOf(bytesOf(300), bytesOf(200)), "nonsense", never);
	assert.equal({ size: result.size, mimeType: result.mimeType }, { size: 500, mimeType: "application/octet-stream" });
	assert.is((await alice.get(result.reference)).byteLength, 500);
	const cut = async function* (): AsyncGenerator<Uint8Array> {
		yield bytesOf(100);
		throw new Error("cut off");
	};
	const [failed] = await Promise.allSettled([alice.store(cut(), undefined, never)]);
	assert.is(failed?.status, "rejected");
	const abort = new AbortController();
	const aborting = async function* (): AsyncGenerator<Uint8Array> {
		yield bytesOf(100);
		abort.abort();
		yield bytesOf(100);
	};
	assert.match(await refusal(alice.store(aborting(), undefined, abort.signal)), /^cancelled: /);
	assert.is(
		await refusal(alice.store(chunksOf(bytesOf(1000), bytesOf(1)), undefined, never)).then((text) => text.split(":")[0]),
		"invalid_request",
	);
	assert.is(store.usedBy("alice"), 500);
	assert.equal(await files(), { blobs: 1, objects: 1, tmp: 0 });
	await store.close();
});

async function* chunksOf(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* chunks;
}

test("a named guest finds its objects after a restart, with their remaining lifetime and quota", async () => {
	const { store, guest, dir, time } = await openStore();
	const { reference } = await guest("alice").put(bytesOf(1000), "text/plain");
	const nameless = new GuestMedia(store, { id: "agent-1" });
	await nameless.put(bytesOf(10, 7), undefined);
	time.now += 10_000;
	await store.close();
	const again = await openStore({ dir }, time);
	assert.equal(await again.files(), { blobs: 1, objects: 1, tmp: 0 });
	const info = await again.guest("alice").stat(reference);
	const { size, mime_type, expires_in } = info;
	assert.equal({ size, mime_type, expires_in }, { size: 1000, mime_type: "text/plain", expires_in: 50 });
	assert.equal(await gathered((await again.guest("alice").open(reference, never)).stream()), bytesOf(1000));
	assert.equal({ named: again.store.usedBy("alice"), nameless: again.store.usedBy("agent-1") }, { named: 1000, nameless: 0 });
	assert.is(await refusal(again.guest("bob").stat(reference)), UNKNOWN);
	await again.store.close();
	time.now += 50_000;
	const late = await openStore({ dir }, time);
	assert.equal(await late.files(), { blobs: 0, objects: 0, tmp: 0 });
	await late.store.close();
});

test("the next start removes half-written files, unused contents and invalid records of a crash", async () => {
	const { store, guest, dir, time } = await openStore();
	const kept = await guest("alice").put(bytesOf(100), undefined);
	const lost = await guest("alice").put(bytesOf(100, 1), undefined);
	await store.close();
	writeFileSync(join(dir, "tmp", "half-written"), "half");
	mkdirSync(join(dir, "blobs", "ff"), { recursive: true });
	writeFileSync(join(dir, "blobs", "ff", "ff".repeat(32)), "nobody's");
	writeFileSync(join(dir, "objects", "garbage.json"), "{");
	writeFileSync(join(dir, "blobs", lost.sha256.slice(0, 2), lost.sha256), "short");
	writeFileSync(join(dir, "lock"), JSON.stringify({ pid: 2 ** 30, machine: "gone" }));
	const again = await openStore({ dir }, time);
	assert.equal(await again.files(), { blobs: 1, objects: 1, tmp: 0 });
	assert.is((await again.guest("alice").get(kept.reference)).byteLength, 100);
	assert.is(await refusal(again.guest("alice").get(lost.reference)), UNKNOWN);
	await again.store.close();
});

test("a record is ignored when its id is a path or differs from its file name", async () => {
	const { store, dir, time } = await openStore();
	await store.close();
	const record = { id: "../../lock", guest: "alice", sha256: "../../lock", size: 1, mimeType: "a/b", expiresAt: time.now + 1000 };
	writeFileSync(join(dir, "objects", "x.json"), JSON.stringify(record));
	writeFileSync(join(dir, "objects", `${"0".repeat(32)}.json`), JSON.stringify({ ...record, id: "1".repeat(32), sha256: "0".repeat(64) }));
	const again = await openStore({ dir }, time);
	assert.equal(await again.files(), { blobs: 0, objects: 0, tmp: 0 });
	await again.store.close();
});

test("a directory that another host uses is refused", async () => {
	const { store, dir, time } = await openStore();
	assert.is(
		await refusal(openStore({ dir }, time)),
		"invalid_request: [media] dir: another host of this process uses this directory; configure another directory for each host",
	);
	writeFileSync(join(dir, "lock"), JSON.stringify({ pid: process.ppid, machine: "here" }));
	await store.close();
	writeFileSync(join(dir, "lock"), JSON.stringify({ pid: process.ppid, machine: "here" }));
	assert.match(await refusal(openStore({ dir }, time)), `process ${process.ppid} uses this directory`);
	rmSync(join(dir, "lock"));
	await (await openStore({ dir }, time)).store.close();
	assert.not.ok(countFiles(dir));
});

test("a directory that cannot be used is refused at the start, and can be opened once it is repaired", async () => {
	const dir = join(freshDirectory(), "media");
	writeFileSync(dir, "a file");
	const unusable = "invalid_request: [media] dir: the directory cannot be used (EEXIST); check that the host may write there";
	assert.is(await refusal(openStore({ dir })), unusable);
	rmSync(dir);
	mkdirSync(dir);
	writeFileSync(join(dir, "blobs"), "a file");
	assert.is(await refusal(openStore({ dir })), unusable);
	rmSync(join(dir, "blobs"));
	await (await openStore({ dir })).store.close();
});

test("a store without a configured directory uses a temporary one, from the first object to its end", async () => {
	const before = process.env.TMPDIR;
	const parent = freshDirectory();
	process.env.TMPDIR = parent;
	try {
		const abandoned = join(parent, "spear-media-abandoned");
		mkdirSync(abandoned);
		const { hostname } = await import("node:os");
		writeFileSync(join(abandoned, "lock"), JSON.stringify({ pid: 2 ** 30, machine: hostname() }));
		const foreign = join(parent, "spear-media-foreign");
		mkdirSync(foreign);
		writeFileSync(join(foreign, "lock"), JSON.stringify({ pid: 2 ** 30, machine: "another machine" }));
		const store = await MediaStore.open(SETTINGS);
		const other = await MediaStore.open(SETTINGS);
		assert.is(countFiles(parent), 2);
		const alice = new GuestMedia(store, { id: "alice", name: "alice" });
		const { reference } = await alice.put(bytesOf(10), undefined);
		await new GuestMedia(other, { id: "alice", name: "alice" }).put(bytesOf(10), undefined);
		assert.is((await alice.get(reference)).byteLength, 10);
		assert.is(countFiles(parent), 5); // The foreign lock; of each store a lock and content, no record.
		await store.close();
		await store.close();
		await other.close();
		assert.is(countFiles(parent), 1);
		assert.is(readFileSync(join(foreign, "lock"), "utf8").length > 0, true);
		assert.is(await refusal(alice.put(bytesOf(10), undefined)), "cancelled: the host is closed");
	} finally {
		if (before === undefined) delete process.env.TMPDIR;
		else process.env.TMPDIR = before;
	}
});

test("the timer of the next expiry does not keep the process alive", async () => {
	const { store, guest, files } = await openStore();
	await guest("alice").put(bytesOf(10), undefined);
	assert.equal(
		process.getActiveResourcesInfo().filter((kind) => kind === "Timeout"),
		[],
	);
	assert.is((await files()).blobs, 1);
	await store.close();
});

test.run();
