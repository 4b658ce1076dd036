/** The rights of the user `spear` in `examples/cluster/users.acl`: each room works with them, none of them is needless, and nothing else is permitted. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HINT_LIMITS } from "../../../src/cluster/hints.ts";
import { loadRedis } from "../../../src/cluster/redis/load-redis.ts";
import { RedisStore } from "../../../src/cluster/redis/redis-store.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { passTime } from "../../helpers/redis-time.ts";
import { blocksConformance } from "../conformance/blocks.ts";
import { openHint, testHints } from "../conformance/hints.ts";
import { testLimits } from "../conformance/limits.ts";
import { testMembers } from "../conformance/members.ts";
import { objectsConformance } from "../conformance/objects.ts";
import { testRuns } from "../conformance/runs.ts";

const FILE = new URL("../../../examples/cluster/users.acl", import.meta.url);

const LIST = readFileSync(FILE, "utf8");

/** Rights that serve connections, and no room. */
const OF_CONNECTIONS: ReadonlySet<string> = new Set(["ping", "select", "wait"]);

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	const folder = mkdtempSync(join(tmpdir(), "spear-acl-"));
	const file = join(folder, "users.acl");
	writeFileSync(file, LIST.replace("#SHA256_OF_SPEAR_OPERATOR_PASSWORD", ">o").replace("#SHA256_OF_SPEAR_REDIS_PASSWORD", ">p"));
	const server = await RedisServer.start({ args: ["--aclfile", file] });
	const operator = new Redis(server.port, "127.0.0.1", { username: "operator", password: "o" });
	const client = await loadRedis();

	/** Connects as the user, to an empty server: the list permits one prefix. */
	const open = async () => {
		await operator.flushall();
		const access = { sentinels: undefined, user: "spear", password: "p", ca: undefined, timeoutMs: 2_000 };
		const store = new RedisStore({ url: server.url, ...access }, { prefix: "spear", replicas: 0, client });
		await store.connect();
		return {
			...{ store, connection: store.connection },
			...{
				limits: store.limits,
				hints: store.hints,
				members: store.members,
				objects: store.objects,
				blocks: store.blocks,
				runs: store.runs,
			},
			pass: (ms: number) => setTimeout(ms + 1),
			async subscribed() {
				while ((await operator.pubsub("NUMSUB", "spear:1:hints"))[1] === 0);
			},
			[Symbol.asyncDispose]: () => store.close(),
		};
	};

	const passing = async () => {
		const rig = await open();
		return {
			...rig,
			pass: (ms: number) =>
				passTime({ connection: { run: (script, keys, args) => operator.eval(script.text, keys.length, ...keys, ...args) } }, ms),
		};
	};

	test.after(async () => {
		operator.disconnect();
		await server[Symbol.asyncDispose]();
		rmSync(folder, { recursive: true });
	});

	testLimits(open);
	testHints(test, open);
	testMembers(test, open);
	objectsConformance(passing);
	blocksConformance(passing);
	testRuns(open);

	test("the user was refused nothing, and has no right that no room uses", async () => {
		await using rig = await open();
		const hosts = Array.from({ length: HINT_LIMITS.hosts + 1 }, (_, index) => `host-${index}`);
		await Promise.all(hosts.map((host) => rig.hints.publish(host, [openHint()])));
		assert.equal(await operator.acl("LOG"), []);
		const statistics = await operator.info("commandstats");
		const used = new Set(Array.from(statistics.matchAll(/^cmdstat_([^:]+):/gm), ([, name]) => name));
		const user = LIST.split("\n").find((line) => line.startsWith("user spear ")) ?? "";
		const permitted = Array.from(user.matchAll(/ \+(\S+)/g), ([, name = ""]) => name);
		assert.ok(permitted.length > 40);
		assert.equal(
			permitted.filter((name) => !used.has(name) && !OF_CONNECTIONS.has(name)),
			[],
		);
	});

	test("a server refuses the list while it has no passwords", async () => {
		const args = ["--aclfile", fileURLToPath(FILE)];
		const thrown: unknown = await RedisServer.start({ args }).catch((error: unknown) => error);
		assert.match(String(thrown), "password hash");
	});

	test("the user reaches no key and no channel of another prefix, and cannot change the server", async () => {
		await using rig = await open();
		await operator.set("other:1:{limits:all}:bucket", "x");
		const commands = [
			["GET", "other:1:{limits:all}:bucket"],
			["SET", "spearhead:1:x", "x", "PX", "1000"],
			["EVAL", "return redis.call('GET', KEYS[1])", "1", "other:1:{limits:all}:bucket"],
			["EVAL", "return redis.call('GET', 'other:1:{limits:all}:bucket')", "0"],
			["EVAL", "return redis.call('FLUSHALL')", "0"],
			["PUBLISH", "other:1:hints", "x"],
			["SUBSCRIBE", "other:1:hints"],
			...[
				["KEYS", "*"],
				["SCAN", "0"],
				["MONITOR"],
				["FLUSHALL"],
				["CONFIG", "GET", "*"],
				["ACL", "LIST"],
				["SCRIPT", "FLUSH"],
				["CLIENT", "LIST"],
			],
		] as const;
		for (const [name, ...args] of commands) {
			const thrown: unknown = await rig.connection.command(name, ...args).catch((error: unknown) => error);
			if (!(thrown instanceof StoreError)) throw new Error(`${name} ${args.join(" ")} is permitted`);
			assert.is(thrown.reason, "denied", `${name} ${args.join(" ")}: ${thrown.message}`);
		}
	});
}

test.run();
