/** The example `examples/cluster`: one command starts three hosts and a store, and ends them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { parse } from "@bytecodealliance/jco";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { testRedis } from "../../scripts/testing/test-redis.ts";
import { AdminClient } from "../../src/admin.ts";
import { eventually } from "../helpers/cluster.ts";
import { ROOT } from "../helpers/guest.ts";
import { NO_REDIS } from "../helpers/redis-server.ts";

const EXAMPLE = join(ROOT, "examples/cluster");
const CHAT = JSON.stringify({ model: "stub-chat", messages: [{ role: "user", content: "hello" }] });

/** What the command prints with `--json`. */
interface Started {
	readonly store: string;
	readonly urls: readonly [string, string, string];
	readonly config: string;
	readonly SPEAR_ADMIN_KEY: string;
	readonly SPEAR_KEY_SHOP: string;
}

function start(path: string | undefined) {
	const args = [join(EXAMPLE, "start.js"), "--port", "0", "--no-traffic", "--json"];
	return spawn(process.execPath, args, { env: { ...process.env, PATH: path }, stdio: ["ignore", "pipe", "pipe"] });
}

test("the agent of the example is its text", async () => {
	const text = readFileSync(join(EXAMPLE, "agent.wat"), "utf8");
	assert.equal(Buffer.from(await parse(text)), readFileSync(join(EXAMPLE, "agent.wasm")));
});

test("without a server, the command says how to get one", async () => {
	const child = start(EXAMPLE);
	let errors = "";
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		errors += text;
	});
	const [code] = await once(child, "close");
	assert.is(code, 2);
	assert.match(errors, "sudo apt-get install redis-server");
	assert.match(errors, "node start.js --store redis://");
});

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else
	test("three hosts hold one limit, a run of one is seen by another, and SIGINT ends everything", async () => {
		const child = start(`${dirname(testRedis() ?? "")}${delimiter}${process.env.PATH}`);
		const exit = once(child, "exit");
		try {
			const [line]: unknown[] = await Promise.race([
				once(createInterface(child.stdout), "line"),
				exit.then(() => Promise.reject(new Error("it has ended"))),
			]);
			const { store, urls, config, ...keys } = JSON.parse(String(line)) as Started;
			const admin = new AdminClient({ url: urls[0], key: keys.SPEAR_ADMIN_KEY });
			const seen = await eventually(async () => {
				const { hosts, configs } = await admin.cluster();
				return hosts.length === 3 && hosts.every(({ ready }) => ready) && { hosts, configs };
			});
			assert.equal([seen.configs.length, seen.hosts.filter(({ is_this }) => is_this).length], [1, 1]);
			const headers = { authorization: `Bearer ${keys.SPEAR_KEY_SHOP}`, "content-type": "application/json" };
			const post = (url: string, body: string): Promise<Response> => fetch(url, { method: "POST", headers, body });
			const from = performance.now();
			const statuses = await Promise.all(
				Array.from({ length: 60 }, async (_, index) => {
					await setTimeout(index * 20);
					return (await post(`${urls[index % 3]}/v1/chat/completions`, CHAT)).status;
				}),
			);
			// The refill, and a tenth of a second's requests in advance.
			const most = (20 * (performance.now() - from)) / 1_000 + 2;
			const granted = statuses.filter((status) => status === 200).length;
			assert.ok(granted >= 15 && granted <= most, `${granted} granted, at most ${most} may be`);
			assert.is(statuses.filter((status) => status === 429).length, 60 - granted);
			const submitted = await post(`${urls[0]}/agents/greeter/runs`, JSON.stringify({ input: "" }));
			assert.is(submitted.status, 202);
			const text = await eventually(async () => {
				const answer = await fetch(`${urls[1]}${submitted.headers.get("location")}/events`, { headers });
				const body = await answer.text();
				return JSON.parse(body).ended === true && body;
			});
			assert.match(text, "stub: you said Which lamp fits the desk?");
			child.kill("SIGINT");
			assert.equal(await exit, [0, null]);
			assert.not(existsSync(dirname(config)));
			for (const url of [store, ...urls]) {
				const socket = connect(Number(new URL(url).port), "127.0.0.1");
				const [error] = await once(socket, "error");
				assert.is(error.code, "ECONNREFUSED");
			}
		} finally {
			child.kill("SIGINT");
			await exit;
		}
	});

test.run();
