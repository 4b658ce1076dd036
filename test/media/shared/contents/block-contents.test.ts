import { randomBytes } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ContentSeal } from "../../../../src/cluster/content-seal.ts";
import { MemoryStore } from "../../../../src/cluster/memory/memory-store.ts";
import type { RedisStore } from "../../../../src/cluster/redis/redis-store.ts";
import { StoreError } from "../../../../src/cluster/store-error.ts";
import { BlockContents } from "../../../../src/media/shared/contents/block-contents.ts";
import { NO_REDIS, RedisServer } from "../../../helpers/redis-server.ts";
import { connectedStore } from "../../../helpers/redis-store.ts";
import { contentsConformance, failureOf } from "./conformance.ts";

const A = "a".repeat(32);
const B = "b".repeat(32);
const SECRET = "0123456789abcdef0123456789abcdef";
const SEALED = new ContentSeal("sealed", SECRET);

async function contentNames(store: RedisStore): Promise<string[]> {
	const names = String(await store.connection.command("KEYS", "*")).split(",");
	return names.filter((name) => name.includes("{content:"));
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	contentsConformance(async () => {
		const server = await RedisServer.start();
		const stores = await Promise.all([connectedStore(server.url), connectedStore(server.url)]);
		return {
			hosts: [new BlockContents(stores[0].blocks, SEALED), new BlockContents(stores[1].blocks, SEALED)],
			count: async () => new Set((await contentNames(stores[0])).map((name) => name.split(":").at(-2))).size,
			async shorten(id) {
				await stores[0].blocks.write(id, 0, SEALED.seal(randomBytes(400), `media/${id}/0`), 60_000);
			},
			async [Symbol.asyncDispose]() {
				for (const store of stores) await store.close();
				await server[Symbol.asyncDispose]();
			},
		};
	});

	test("no block in the server holds the content, each is small, and each ends by itself", async () => {
		await using server = await RedisServer.start();
		const store = await connectedStore(server.url);
		await using _ = { [Symbol.asyncDispose]: () => store.close() };
		const writer = new BlockContents(store.blocks, SEALED).write(A);
		await writer.write(Buffer.alloc(600_000, "secret "));
		await writer.finish(60_000);
		const names = await contentNames(store);
		assert.is(names.length, 3);
		for (const name of names) {
			const block = await store.connection.command("GET", name);
			assert.ok(Buffer.isBuffer(block) && block.length <= 262_173 && !block.includes("secret"));
			const left = Number(await store.connection.command("PTTL", name));
			assert.ok(left >= 660_000 && left <= 900_000);
		}
	});
}

test("a block at another place, of another key or without a seal is refused", async () => {
	const { blocks } = new MemoryStore();
	const contents = new BlockContents(blocks, SEALED);
	const bytes = randomBytes(100);
	const hostile = [
		SEALED.seal(bytes, `media/${B}/0`),
		SEALED.seal(bytes, `media/${A}/1`),
		new ContentSeal("sealed", SECRET.replace("0", "1")).seal(bytes, `media/${A}/0`),
		new ContentSeal("plain", undefined).seal(bytes, `media/${A}/0`),
		Buffer.alloc(0),
	];
	for (const block of hostile) {
		await blocks.write(A, 0, block, 60_000);
		const failure = await failureOf(contents.read(A, 100).fill(new Uint8Array(100), 0));
		assert.ok(failure instanceof StoreError && failure.reason === "invalid_value");
	}
});

test("a content that lost a block while it was written is not finished", async () => {
	const { blocks } = new MemoryStore();
	const writer = new BlockContents(blocks, SEALED).write(A);
	await writer.write(randomBytes(600_000));
	await blocks.remove(A);
	assert.match(String(await failureOf(writer.finish(60_000))), "lost a part of a content");
});

test.run();
