import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { HostOptions } from "../../src/host/host.ts";
import { assemble, scratch } from "../helpers/guest.ts";
import { writesLines } from "../helpers/guest-components.ts";
import { createHost } from "../helpers/isolation.ts";

const test = suite("lines of guests in the host's log");

const WRITES = await assemble(writesLines(1));

type Line = Readonly<Record<string, unknown>>;

/** Returns the lines that a host writes to standard error meanwhile, without their times. */
async function linesOf(options: HostOptions, work: (host: Awaited<ReturnType<typeof createHost>>) => Promise<unknown>): Promise<Line[]> {
	const { write } = process.stderr;
	let written = "";
	process.stderr.write = (data: string | Uint8Array) => {
		written += String(data);
		return true;
	};
	try {
		const host = await createHost({
			env: {},
			config: { host: { cache_dir: scratch() }, backends: { stub: { kind: "stub" } } },
			...options,
		});
		await work(host);
		await host.close();
	} finally {
		process.stderr.write = write;
	}
	return written
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => {
			const { time: _, ...rest } = JSON.parse(line);
			return rest;
		});
}

test("what a guest prints names the guest, the run and the request", async () => {
	const lines = await linesOf({ log: { guestLevel: "info" } }, async (host) => {
		const agent = await host.load(WRITES, { guest: "clerk" });
		await agent.run("", { runId: "run-1", requestId: "request-1" });
	});
	assert.equal(lines, [{ level: 30, guest: "clerk", run_id: "run-1", request_id: "request-1", stream: "stdout", msg: "ok" }]);
});

test("each run has an id of its own, also in one instance", async () => {
	const lines = await linesOf({ log: { guestLevel: "info" } }, async (host) => {
		const agent = await host.load(WRITES, { guest: "clerk" });
		await agent.run("");
		const instance = await agent.instantiate({ requestId: "request-1" });
		await instance.run("");
		await instance.run("");
		await instance.close();
	});
	assert.is(new Set(lines.map(({ run_id }) => run_id)).size, 3);
	assert.equal(
		lines.map(({ request_id }) => request_id),
		[undefined, "request-1", "request-1"],
	);
});

test("the level of guests is that of the host unless an option sets it, and never more severe", async () => {
	const count = async (options: HostOptions): Promise<number> => {
		const lines = await linesOf(options, async (host) => (await host.load(WRITES)).run(""));
		return lines.length;
	};
	assert.is(await count({}), 0);
	assert.is(await count({ logLevel: "info" }), 1);
	assert.is(await count({ log: { level: "info" } }), 1);
	assert.is(await count({ log: { level: "error", guestLevel: "info" } }), 1);
	assert.is(await count({ logLevel: "info", log: { guestLevel: "error" } }), 1);
	assert.is(await count({ logLevel: "info", log: { guestLevel: "silent" } }), 0);
	assert.is(await count({ log: { level: "silent", guestLevel: "info" } }), 0);
});

test.run();
