import { setTimeout } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RedisStore } from "../../../src/cluster/redis/redis-store.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";
import { type HintsRig, openHint, testHints } from "../conformance/hints.ts";

const test = suite("hints in Redis");

let server: RedisServer;
let deployments = 0;

async function open(): Promise<HintsRig & { readonly store: RedisStore; readonly prefix: string }> {
	const prefix = `d${deployments++}`;
	const store = await connectedStore(server.url, prefix);
	return {
		store,
		prefix,
		hints: store.hints,
		pass: (ms) => setTimeout(ms),
		async subscribed() {
			const channel = `${prefix}:1:hints`;
			for (;;) {
				const reply = await store.connection.command("PUBSUB", "NUMSUB", channel);
				if (Array.isArray(reply) && Number(reply[1]) > 0) return;
			}
		},
		[Symbol.asyncDispose]: () => store.close(),
	};
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test.before(async () => {
		server = await RedisServer.start();
	});
	test.after(() => server[Symbol.asyncDispose]());

	testHints(test, open);

	test("hostile values are left out and counted, and the hints of the others are present", async () => {
		await using rig = await open();
		const { connection } = rig.store;
		for (const host of ["good", "typed", "odd"]) await rig.hints.publish(host, [openHint()]);
		const key = (host: string): string => `${rig.prefix}:1:{hints:all}:host:${host}`;
		await connection.command("DEL", key("typed"));
		await connection.command("SET", key("typed"), "x");
		const far = Date.now() + 60_000;
		const valid = `[1,"breaker_open","a","chat_completions","",5,"none"]`;
		const values = [
			"no time",
			`${far}|${"x".repeat(2_000)}`,
			`${far}|not json`,
			`${far}|{"kind":"breaker_open"}`,
			`${far}|${valid.replace("[1", "[2")}`,
			`${far}|${valid.replace("breaker_open", "delete_all")}`,
			`${far}|${valid.replace(",5,", ",-5,")}`,
			`${far}|${valid.replace(",5,", ",1e9,")}`,
			`${Date.now() + 10 ** 12}|${valid}`,
		];
		for (const [index, value] of values.entries()) await connection.command("HSET", key("odd"), `s${index}`, value);
		await connection.command("ZADD", `${rig.prefix}:1:{hints:all}:hosts`, "99999999999999", "n".repeat(65));
		const { hints, refused } = await rig.hints.present();
		assert.equal(hints.map(({ host }) => host).sort(), ["good", "odd"]);
		assert.is(refused, values.length + 1);
	});

	test("a message that is no hint reaches no listener", async () => {
		await using rig = await open();
		const received: string[] = [];
		let notify = (): void => {};
		const first = new Promise<void>((resolve) => {
			notify = resolve;
		});
		rig.hints.subscribe(({ host }) => {
			received.push(host);
			notify();
		});
		await rig.subscribed();
		for (const message of ["", "x", "a\n-1\n[]", "a\nNaN\n[]", `a\n5\n${"[".repeat(5_000)}`, "two words\n5\n[]"])
			await rig.store.connection.command("PUBLISH", `${rig.prefix}:1:hints`, message);
		await rig.hints.publish("north", [openHint()]);
		await first;
		assert.equal(received, ["north"]);
	});

	test("an index of another type is an invalid value, and every key has an expiry", async () => {
		await using rig = await open();
		await rig.hints.publish("north", [openHint({ leftMs: 5_000 })]);
		for (const name of ["hosts", "host:north"]) {
			const left = await rig.store.connection.command("PTTL", `${rig.prefix}:1:{hints:all}:${name}`);
			assert.ok(typeof left === "number" && left > 0 && left <= 5_000, `${name}: ${left}`);
		}
		await rig.store.connection.command("SET", `${rig.prefix}:1:{hints:all}:hosts`, "x");
		for (const call of [() => rig.hints.present(), () => rig.hints.publish("north", [openHint()])])
			await call().then(
				() => assert.unreachable(),
				(error: unknown) => assert.is(error instanceof StoreError && error.reason, "invalid_value"),
			);
	});
}

test.run();
