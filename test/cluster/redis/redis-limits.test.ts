import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";
import { slice, testLimits } from "../conformance/limits.ts";

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	const server = await RedisServer.start({ durable: true });
	let deployments = 0;
	test.after(() => server[Symbol.asyncDispose]());

	const open = async () => {
		const store = await connectedStore(server.url, `t${deployments++}`);
		return { store, limits: store.limits, pass: (ms: number) => sleep(ms), [Symbol.asyncDispose]: () => store.close() };
	};

	testLimits(open);

	test("a budget survives a restart of the server, and deployments share nothing", async () => {
		await using rig = await open();
		await using other = await open();
		await rig.limits.exchange("a", [slice({ want: 60 })]);
		const again = new Promise<void>((resolve) => rig.store.connection.onChange(({ reachable }) => reachable && resolve()));
		await server.kill();
		await server.start();
		await again;
		const level = async ({ limits }: typeof rig) => {
			const [answer] = await limits.exchange("a", [slice()]);
			return answer instanceof StoreError ? answer.message : answer?.level;
		};
		assert.is(await level(rig), 40);
		while (!other.store.connection.state.reachable) await sleep(10);
		assert.is(await level(other), 100);
	});

	test("every key has an expiry", async () => {
		await using rig = await open();
		await rig.limits.exchange("a", [
			slice({ want: 1 }),
			slice({ bucket: "r", perMs: 1, want: 1 }),
			slice({ bucket: "f", forgetAfterMs: 500 }),
		]);
		await rig.limits.exchangePlaces("a", [{ name: "n", owner: "n", limit: 1, target: 1, isWaiting: false }]);
		const keys = (await rig.store.connection.command("KEYS", `${rig.store.keys.key("", "").split("{")[0]}*`)) as Buffer[];
		assert.is(keys.length, 5);
		for (const key of keys) assert.ok(Number(await rig.store.connection.command("PTTL", key)) > 0);
	});

	const hostile: readonly (readonly [string, (key: string) => readonly [string, ...(string | number)[]]])[] = [
		["a list", (key) => ["RPUSH", key, "x"]],
		["a megabyte", (key) => ["SETRANGE", key, 1_000_000, "x"]],
		["another version", (key) => ["SET", key, "2 100 0 100 0 0 0 0 0 0 0 0 - 0 0 - 0"]],
		["no numbers", (key) => ["SET", key, "1 100 0 nan 0 0 0 0 0 0 0 0 - 0 0 - 0"]],
		["infinity", (key) => ["SET", key, "1 100 0 inf 0 0 0 0 0 0 0 0 - 0 0 - 0"]],
	];
	for (const [what, write] of hostile) {
		test(`a bucket that holds ${what} is refused, and its neighbour is served`, async () => {
			await using rig = await open();
			const [name, ...args] = write(rig.store.keys.key("limits", "guest:g", "guest:g:money"));
			await rig.store.connection.command(name, ...args);
			const [bad, good] = await rig.limits.exchange("a", [slice({ want: 1 }), slice({ bucket: "guest:g:tokens", want: 1 })]);
			assert.ok(bad instanceof StoreError && bad.reason === "invalid_value");
			assert.ok(!(good instanceof StoreError) && good?.granted === 1);
		});
	}

	test("values that a hostile writer chose grant no more than the capacity, and time in the future fills nothing", async () => {
		await using rig = await open();
		const key = rig.store.keys.key("limits", "guest:g", "guest:g:money");
		await rig.store.connection.command("SET", key, `1 1e17 1e9 1e17 99999999999999 0 0 0 0 0 0 0 x 1e17 99999999999999 x 9e15`);
		const [answer] = await rig.limits.exchange("a", [slice({ want: 1e6 })]);
		assert.ok(!(answer instanceof StoreError) && answer?.granted === 100 && answer.level === 0);
	});

	test("places whose numbers are none are refused", async () => {
		await using rig = await open();
		await rig.store.connection.command("HSET", rig.store.keys.key("limits", "n", "n", "places"), "sum", "many");
		const [answer] = await rig.limits.exchangePlaces("a", [{ name: "n", owner: "n", limit: 1, target: 1, isWaiting: false }]);
		assert.ok(answer instanceof StoreError && answer.reason === "invalid_value");
	});
}

test.run();
