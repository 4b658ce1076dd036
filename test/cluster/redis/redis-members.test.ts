import { setTimeout } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RedisStore } from "../../../src/cluster/redis/redis-store.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";
import { type MembersRig, testMembers } from "../conformance/members.ts";

const test = suite("members in Redis");

let server: RedisServer;
let deployments = 0;

async function open(): Promise<MembersRig & { readonly store: RedisStore; readonly prefix: string }> {
	const prefix = `d${deployments++}`;
	const store = await connectedStore(server.url, prefix);
	return {
		store,
		prefix,
		members: store.members,
		pass: (ms) => setTimeout(ms),
		[Symbol.asyncDispose]: () => store.close(),
	};
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test.before(async () => {
		server = await RedisServer.start();
	});
	test.after(() => server[Symbol.asyncDispose]());

	testMembers(test, open);

	test("hosts with hostile values are refused and named, and the others are listed", async () => {
		await using rig = await open();
		const { members, prefix } = rig;
		for (const [index, name] of ["good", "typed", "huge", "odd"].entries())
			await members.renew({ name, instance: `${index}`.repeat(16), digest: "0".repeat(64), card: "c", ttlMs: 60_000 });
		const key = (name: string): string => `${prefix}:1:{members:all}:host:${name}`;
		await server.command(`DEL ${key("typed")}`);
		await server.command(`SET ${key("typed")} x`);
		await server.command(`HSET ${key("huge")} card ${"x".repeat(16_385)}`);
		await server.command(`HSET ${key("odd")} instance short`);
		await server.command(`ZADD ${prefix}:1:{members:all}:index 99999999999999 ${"n".repeat(65)}`);
		const { members: listed, refused } = await members.list();
		assert.equal(
			listed.map(({ name }) => name),
			["good"],
		);
		const fault = "its values have another form, or are too large";
		assert.equal(refused, [
			{ name: "", fault: "1 names are too long" },
			{ name: "huge", fault },
			{ name: "odd", fault },
			{ name: "typed", fault },
		]);
	});

	test("a hostile message is left out, and a hostile place of a host refuses its renewal", async () => {
		await using rig = await open();
		const { members, prefix } = rig;
		const key = `${prefix}:1:{members:all}:messages:${"a".repeat(16)}`;
		await server.command(`RPUSH ${key} nothing 99999999999999:${"x".repeat(16_500)} 99999999999999:good -1:x`);
		assert.equal(await members.receive("a".repeat(16)), ["good"]);
		await server.command(`SET ${prefix}:1:{members:all}:host:north x`);
		const renewal = { name: "north", instance: "a".repeat(16), digest: "0".repeat(64), card: "c", ttlMs: 60_000 };
		const failure: unknown = await members.renew(renewal).catch((thrown: unknown) => thrown);
		assert.match(String(failure), /^StoreError: members\.renew: .*WRONGTYPE/);
	});

	test("every key expires", async () => {
		await using rig = await open();
		const { members, prefix } = rig;
		await members.renew({ name: "north", instance: "a".repeat(16), digest: "0".repeat(64), card: "c", ttlMs: 10_000 });
		await members.send("b".repeat(16), "hello", 5_000);
		await members.hold("a".repeat(16), 5_000);
		const keys = [...(await server.command(`KEYS ${prefix}:*`)).matchAll(/^\w+:1:\S+/gm)].map(([key]) => key);
		assert.is(keys.length, 5);
		for (const key of keys) assert.match(await server.command(`PTTL ${key}`), /^:[1-9]/);
	});
}

test.run();
