import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RedisStore } from "../../../src/cluster/redis/redis-store.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";
import { passTime } from "../../helpers/redis-time.ts";
import { objectsConformance } from "../conformance/objects.ts";

const ID = "a".repeat(32);
const SHA = "0123456789abcdef".repeat(4);
const USE = { host: "one", leaseMs: 10_000 };
const FIRST = { id: ID, isFirst: true, bytes: 10, wantedBytes: 10, quotaBytes: 100, maxObjects: 5, leaseMs: 10_000 };

async function onServer(run: (store: RedisStore, server: RedisServer) => Promise<void>): Promise<void> {
	await using server = await RedisServer.start();
	const store = await connectedStore(server.url);
	try {
		await run(store, server);
	} finally {
		await store.close();
	}
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
	try {
		return `no failure: ${JSON.stringify(await call)}`;
	} catch (thrown) {
		if (thrown instanceof StoreError) return thrown.reason;
		throw thrown;
	}
}

async function put({ objects }: RedisStore): Promise<void> {
	await objects.reserve("alice", FIRST);
	await objects.commit("alice", { id: ID, size: 10, sha256: SHA, mimeType: "audio/wav", lifetimeMs: 60_000 });
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	objectsConformance(async () => {
		const server = await RedisServer.start();
		const store = await connectedStore(server.url);
		return {
			objects: store.objects,
			pass: (ms) => passTime(store, ms),
			async [Symbol.asyncDispose]() {
				await store.close();
				await server[Symbol.asyncDispose]();
			},
		};
	});

	test("a record of another form is refused", () =>
		onServer(async (store) => {
			await put(store);
			const key = store.keys.key("media", "alice", "records");
			const hostile = [
				`2 10 ${SHA} audio/wav`,
				`1 -1 ${SHA} audio/wav`,
				`1 9999999999999999 ${SHA} audio/wav`,
				`1 10 ${SHA.toUpperCase()} audio/wav`,
				`1 10 ${SHA} audio/wav\r\nx: y`,
				"x".repeat(100_000),
				"",
			];
			for (const record of hostile) {
				await store.connection.command("HSET", key, ID, record);
				assert.is(await reasonOf(store.objects.find("alice", ID, USE)), "invalid_value", record.slice(0, 40));
			}
			await store.connection.command("DEL", key);
			await store.connection.command("SET", key, "text");
			assert.is(await reasonOf(store.objects.find("alice", ID, USE)), "invalid_value");
		}));

	test("a hostile count widens no quota, and hostile contents to delete are ignored", () =>
		onServer(async (store) => {
			await put(store);
			const key = (part: string): string => store.keys.key("media", "alice", part);
			for (const value of ["nan", "-1000", "1e300", "x", "9".repeat(40)]) {
				await store.connection.command("SET", key("bytes"), value);
				assert.is(await reasonOf(store.objects.reserve("alice", { ...FIRST, id: "b".repeat(32) })), "invalid_value", value);
			}
			await store.connection.command("SET", key("bytes"), "10");
			for (const member of ["o:../../etc/passwd", `x:${ID}`, "o:", "y".repeat(10_000)])
				await store.connection.command("ZADD", key("doomed"), 1, member);
			await passTime(store, 20_000);
			assert.equal(await store.objects.takeDue(10, 1_000), []);
		}));

	test("deployments of different prefixes share no object, and a guest's keys are in one slot and end by themselves", () =>
		onServer(async (store, server) => {
			await put(store);
			const other = await connectedStore(server.url, "other");
			assert.is(await other.objects.find("alice", ID, USE), undefined);
			await other.close();
			await store.objects.find("alice", ID, USE);
			await store.objects.remove("alice", ID, undefined);
			const names = String(await store.connection.command("KEYS", "*")).split(",");
			const guests = store.keys.key("media-guests", "all");
			for (const name of names.filter((each) => each !== guests)) {
				assert.match(name, "spear:1:{media:alice}:");
				const left = await store.connection.command("PTTL", name);
				assert.ok(typeof left === "number" && left > 0, name);
			}
			assert.ok(names.length >= 4);
		}));
}

test.run();
