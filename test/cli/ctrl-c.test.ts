import type { ChildProcess } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { buildTestGuest, scratch } from "../helpers/guest.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";
import { type SpearResult, spear } from "../helpers/spear.ts";

/** Ctrl-C during `spear run`, with a real process: the first stops cleanly, the second ends the process, whatever the guest does. */
const test = suite("Ctrl-C");

const STOPPING = "spear: stopping; press Ctrl-C again to end at once\n";

/** A guest that says "ready" before it does what its input selects. */
const GUEST = `
import { complete } from "spear:ai/cchat@0.1.0";
import { subscribeDuration } from "spear:ai/poll@0.1.0";
import { log } from "spear:ai/log@0.1.0";

const request = () => ({ messages: [{ role: "user", content: [{ tag: "text", val: "hello" }] }], tools: [] });
const forever = (call) => { for (;;) { try { call(); } catch {} } };
const wait = (ms) => { const timer = subscribeDuration(ms); timer.block(); timer[Symbol.dispose](); };
const jobs = {
	asks() { try { return complete(request(), null).message.content[0].val; } catch (thrown) { throw { tag: "hostcall", val: thrown.payload }; } },
	"ignores cancelled": () => forever(() => complete(request(), null)),
	"waits again": () => forever(() => wait(3_600_000)),
	"answers when cancelled": () => { try { complete(request(), null); } catch {} return "late answer"; },
	spins: () => { for (let count = 0; ; count += 1) if (count < 0) return ""; },
	"spins when cancelled": () => { try { complete(request(), null); } catch {} log("warn", "spinning", []); for (;;); },
};

export const run = (input) => { log("warn", "ready", []); return jobs[input](); };
`;

const guest = await buildTestGuest(GUEST);

/** Runs a job of the guest. Calls \`onReady\` when the guest runs and, if the job asks an upstream that never answers, the request is there. */
async function run(job: string, onReady: (child: ChildProcess, server: OpenAiServer) => void): Promise<SpearResult & { ms: number }> {
	const server = await OpenAiServer.start(...Array.from({ length: 100 }, () => answer.silence()));
	const config = join(scratch(), `${job.replaceAll(" ", "-")}.toml`);
	await writeFile(config, `[backends.up]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\nmodels = ["m"]\n`);
	let ready = 0;
	const result = await spear(["run", guest.prepared, "--config", config, "--input", job], {
		onStart: (child) => {
			child.stderr?.on("data", (data: Buffer) => {
				if (!data.includes('"ready"')) return;
				ready = performance.now();
				onReady(child, server);
			});
		},
	});
	await server.close();
	return { ...result, ms: performance.now() - ready };
}

/** Calls `then` when the child has written a text to standard error. */
function onText(child: ChildProcess, text: string, then: () => void): void {
	let seen = "";
	let called = false;
	child.stderr?.on("data", (data: Buffer) => {
		seen += data.toString();
		if (called || !seen.includes(text)) return;
		called = true;
		then();
	});
}

test("a guest that waits for a slow upstream stops at once, cleanly", async () => {
	const { code, stderr, stdout } = await run("asks", (child, server) => void server.request(0).then(() => child.kill("SIGINT")));
	assert.is(code, 130);
	assert.is(stdout, "");
	assert.ok(stderr.endsWith(`${STOPPING}spear: cancelled: interrupted by SIGINT\n`), stderr);
});

test("a guest that returns an answer after the interruption is interrupted nevertheless", async () => {
	const { code, stdout } = await run("answers when cancelled", (child, server) => void server.request(0).then(() => child.kill("SIGTERM")));
	assert.is(code, 130);
	assert.is(stdout, "");
});

for (const job of ["ignores cancelled", "waits again"]) {
	test(`a guest that ${job} and goes on calling the host is stopped within seconds`, async () => {
		const { code, stderr, ms } = await run(job, (child) => void setTimeout(() => child.kill("SIGINT"), 100));
		assert.is(code, 130);
		assert.ok(stderr.endsWith("spear: cancelled: interrupted by SIGINT\n"), stderr);
		assert.ok(ms < 10_000, `${ms} ms`);
	});
}

test("a second Ctrl-C ends the process at once, also when the guest blocks it", async () => {
	let second = 0;
	const { code } = await run("spins when cancelled", (child, server) => {
		void server.request(0).then(() => child.kill("SIGINT"));
		onText(child, '"spinning"', () => {
			second = performance.now();
			child.kill("SIGINT");
		});
	});
	assert.is(code, null);
	assert.ok(performance.now() - second < 2_000);
});

test("a guest that computes for ever is stopped by the first Ctrl-C", async () => {
	const { code, stderr, ms } = await run("spins", (child) => child.kill("SIGINT"));
	assert.is(code, 130);
	assert.ok(stderr.endsWith("spear: cancelled: interrupted by SIGINT\n"), stderr);
	assert.ok(ms < 10_000, `${ms} ms`);
});

test.run();
