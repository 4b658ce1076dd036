import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Media } from "../../generated/hostcall/media.ts";
import { createMedia } from "../../src/hostcall/media.ts";
import { scriptedScope } from "../helpers/guest-scope.ts";
import { bytesOf, openStore, refusal, type Setting } from "../media/media-fixture.ts";

/** The hostcalls of one guest of a store. */
async function calls(more: Parameters<typeof openStore>[0] = {}): Promise<Setting & { media: Media; other: Media }> {
	const setting = await openStore(more);
	const of = (name: string): Media => createMedia({ ...scriptedScope([]), media: setting.guest(name) });
	return { ...setting, media: of("alice"), other: of("bob") };
}

test("put, stat, get and remove", async () => {
	const { media, store, files } = await calls();
	const info = await media.put(Buffer.from('{"a":1}'), undefined);
	assert.equal([info.size, info.mime_type, info.expires_in], [7, "application/json", 60]);
	assert.equal(await media.stat(info.reference), info);
	assert.is(Buffer.from(await media.get(info.reference)).toString(), '{"a":1}');
	await media.remove(info.reference);
	assert.match(await refusal(media.get(info.reference)), /^not_permitted: /);
	assert.match(await refusal(media.remove(info.reference)), /^not_permitted: /);
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 0 });
	await store.close();
});

test("a writer makes an object of what is appended; a reader gives it back in parts, and nothing at the end", async () => {
	const { media, store } = await calls();
	const writer = media.writer.open("audio/wav");
	await writer.append(bytesOf(100));
	await writer.append(bytesOf(50));
	const { reference, size, mime_type } = await writer.finish();
	writer[Symbol.dispose]();
	assert.equal([size, mime_type], [150, "audio/wav"]);
	const reader = await media.reader.open(reference);
	const parts: number[] = [];
	for (let bytes = await reader.read(60); bytes !== undefined; bytes = await reader.read(60)) parts.push(bytes.byteLength);
	assert.equal(parts, [60, 60, 30]);
	assert.is(await reader.read(60), undefined);
	reader[Symbol.dispose]();
	assert.is(await refusal(reader.read(60)), "invalid_request: the reader was dropped; open a new one");
	await store.close();
});

test("appending waits for the disk: no more than what was given is under way", async () => {
	const { media, store, dir } = await calls({ maxBytes: 10_000_000, quotaBytes: 10_000_000 });
	const { statSync, readdirSync } = await import("node:fs");
	const writer = media.writer.open(undefined);
	for (let appended = 1; appended <= 8; appended++) {
		await writer.append(new Uint8Array(1_000_000));
		const [name = ""] = readdirSync(`${dir}/tmp`);
		assert.is(statSync(`${dir}/tmp/${name}`).size, appended * 1_000_000);
	}
	writer[Symbol.dispose]();
	await store.close();
});

test("dropping a writer before it is finished discards what was appended", async () => {
	const { media, store, files } = await calls();
	const writer = media.writer.open(undefined);
	await writer.append(bytesOf(900));
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 1 });
	writer[Symbol.dispose]();
	assert.equal(await files(), { blobs: 0, objects: 0, tmp: 0 });
	assert.is(store.usedBy("alice"), 0);
	await store.close();
});

test("a guest can have 64 readers and writers open, and more when it has dropped some", async () => {
	const { media, store } = await calls();
	const { reference } = await media.put(bytesOf(10), undefined);
	const readers = await Promise.all(Array.from({ length: 63 }, () => media.reader.open(reference)));
	const writer = media.writer.open(undefined);
	const tooMany = "not_permitted: this guest has 64 media readers and writers open, the maximum; drop some";
	assert.is(await refusal(media.reader.open(reference)), tooMany);
	assert.throws(() => media.writer.open(undefined), /64 media readers and writers/);
	writer[Symbol.dispose]();
	readers.push(await media.reader.open(reference));
	assert.is(await refusal(media.reader.open(reference)), tooMany);
	for (const reader of readers) reader[Symbol.dispose]();
	await store.close();
});

test("nothing of one guest's is another's", async () => {
	const { media, other, store } = await calls();
	const { reference } = await media.put(bytesOf(10), undefined);
	for (const attempt of [other.get(reference), other.stat(reference), other.remove(reference), other.reader.open(reference)]) {
		assert.match(await refusal(attempt), /^not_permitted: reference: this guest has no such media object/);
	}
	assert.is((await media.get(reference)).byteLength, 10);
	await store.close();
});

test.run();
