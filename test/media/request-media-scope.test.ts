import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as types from "../../generated/ir/types.ts";
import { RequestMediaScope } from "../../src/media/request-media-scope.ts";
import { bytesOf, gathered, never, openStore, refusal, stored } from "./media-fixture.ts";

const inline = (length: number, mime_type = "image/png"): types.MediaRef => ({
	type: "inline",
	inline: { data: bytesOf(length), mime_type },
});

test("inline bytes are stored and count against the quota until their request ends", async () => {
	const { store, guest, files } = await openStore();
	const media = new RequestMediaScope(guest("alice"));
	const admitted = await media.admit(inline(500), "image");
	assert.is(admitted.type, "stored");
	const content = await media.open(admitted, never);
	assert.equal({ mimeType: content.mimeType, size: content.size }, { mimeType: "image/png", size: 500 });
	assert.equal(await gathered(content.stream()), bytesOf(500));
	assert.equal(await content.bytes(500), bytesOf(500)); // A second attempt reads the content again.
	assert.is(store.usedBy("alice"), 500);
	media.end("results");
	assert.is(store.usedBy("alice"), 0);
	assert.match(await refusal(guest("alice").get(admitted)), /^not_permitted: /);
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 0 });
	await store.close();
});

test("inline bytes are refused with their path when they exceed the limit or their media type is malformed", async () => {
	const { store, guest } = await openStore();
	const media = new RequestMediaScope(guest("alice"));
	assert.is((await media.admit(inline(500), "image")).type, "stored");
	assert.is(
		await refusal(media.admit(inline(501), "messages[0].content[1].image.source")),
		"invalid_request: messages[0].content[1].image.source.inline.data: 501 bytes, a request carries at most 500 inline (max_call_bytes); put them into the media store and pass the reference",
	);
	assert.is(
		await refusal(media.admit(inline(1, "image"), "image")),
		"invalid_request: image.inline.mime_type: is not a media type such as image/png",
	);
	media.end("nothing");
	await store.close();
});

test("an object stays readable to the end of its request when it is removed or expires meanwhile", async () => {
	const { store, guest, time, files } = await openStore();
	const alice = guest("alice");
	const removed = (await alice.put(bytesOf(100), undefined)).reference;
	const expired = (await alice.put(bytesOf(100, 1), undefined)).reference;
	const media = new RequestMediaScope(alice);
	assert.equal(await media.admit(removed, "a"), removed);
	await media.admit(expired, "b");
	await alice.remove(removed);
	time.now += 60_000;
	assert.match(await refusal(alice.get(expired)), /^not_permitted: /);
	assert.equal(await (await media.open(removed, never)).bytes(100), bytesOf(100));
	assert.equal(await (await media.open(expired, never)).bytes(100), bytesOf(100, 1));
	media.end("results");
	assert.is(store.usedBy("alice"), 0);
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 0 });
	await store.close();
});

test("a request admits only objects of its guest and allowed URLs", async () => {
	const { store, guest } = await openStore({ allowedHosts: ["cdn.example.com"] });
	const { reference } = await guest("bob").put(bytesOf(100), undefined);
	const media = new RequestMediaScope(guest("alice"));
	assert.is(
		await refusal(media.admit(reference, "audio")),
		"not_permitted: audio: this guest has no such media object; it may have expired or been removed",
	);
	assert.is(
		await refusal(media.admit(stored("sms+file://../x"), "audio")),
		"invalid_request: audio: must be a reference that the media store returned, sms+file://<id>",
	);
	assert.equal(await media.admit({ type: "url", url: "HTTPS://CDN.example.com/a b" }, "image"), {
		type: "url",
		url: "https://cdn.example.com/a%20b",
	});
	assert.match(await refusal(media.admit({ type: "url", url: "https://other.example/" }, "image")), /^not_permitted: image: /);
	assert.match(await refusal(media.open(reference, never)), /^not_permitted: /);
	media.end("nothing");
	await store.close();
});

/** Returns a WAV file of one second, 16-bit mono at 8000 Hz. `before` other bytes precede the header of the samples. */
function wav(before = 0): Uint8Array {
	const skipped = before === 0 ? Buffer.alloc(0) : Buffer.alloc(8 + before);
	if (before > 0) skipped.write("LIST", 0, "latin1");
	if (before > 0) skipped.writeUInt32LE(before, 4);
	const rest = Buffer.alloc(32);
	rest.write("fmt ", 0, "latin1");
	rest.writeUInt32LE(16, 4);
	rest.writeUInt32LE(8000, 12);
	rest.writeUInt32LE(16_000, 16);
	rest.write("data", 24, "latin1");
	return Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVE", "latin1"), skipped, rest, Buffer.alloc(16_000)]);
}

test("the length of an admitted recording is known when it is a WAV file with its header near the start", async () => {
	const { store, guest } = await openStore({
		maxBytes: 100_000,
		maxCallBytes: 100_000,
		quotaBytes: 1_000_000,
		allowedHosts: ["cdn.example.com"],
	});
	const media = new RequestMediaScope(guest("alice"));
	const secondsOf = async (data: Uint8Array, mime_type: string): Promise<number | undefined> =>
		media.seconds(await media.admit({ type: "inline", inline: { data, mime_type } }, "audio"));
	assert.is(await secondsOf(wav(), "audio/wav"), 1);
	assert.is(await secondsOf(wav(10_000), "audio/x-wav; codecs=1"), 1);
	assert.is(await secondsOf(wav(70_000), "audio/wav"), undefined); // The header is beyond the bytes that are read.
	assert.is(await secondsOf(wav(), "audio/mpeg"), undefined);
	assert.is(await secondsOf(bytesOf(500), "audio/wav"), undefined);
	assert.is(await secondsOf(new Uint8Array(), "audio/wav"), undefined);
	assert.is(await media.seconds(await media.admit({ type: "url", url: "https://cdn.example.com/a.wav" }, "audio")), undefined);
	media.end("results");
	await store.close();
});

test("results of a request are removed when the guest received none of them", async () => {
	const { store, guest, files } = await openStore();
	const alice = guest("alice");
	const chunks = async function* (): AsyncGenerator<Uint8Array> {
		yield bytesOf(100);
	};
	const served = new RequestMediaScope(alice);
	const { reference } = await served.store(chunks(), "audio/wav", never);
	served.end("results");
	assert.equal(await alice.get(reference), bytesOf(100));
	const failed = new RequestMediaScope(alice);
	const lost = await failed.store(chunks(), "audio/wav", never);
	failed.end("nothing");
	assert.match(await refusal(alice.get(lost.reference)), /^not_permitted: /);
	assert.match(await refusal(failed.store(chunks(), "audio/wav", never)), "cancelled: the request has ended");
	assert.is(store.usedBy("alice"), 100);
	assert.equal(await files(), { blobs: 1, objects: 1, tmp: 0 });
	await store.close();
});

test("inline bytes that are stored after their request ended leave no file", async () => {
	const { store, guest, files } = await openStore();
	const media = new RequestMediaScope(guest("alice"));
	const admission = media.admit(inline(100), "image");
	media.end("nothing");
	await admission;
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 0 });
	assert.is(store.usedBy("alice"), 0);
	await store.close();
});

test.run();
