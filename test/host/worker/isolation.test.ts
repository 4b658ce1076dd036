/** Guests in workers, from the outside: what one of them does to itself reaches no other, and no key is within its reach. */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Config, createHost, GuestError, type Host } from "../../../src/index.ts";
import { isFullRun } from "../../helpers/full-run.ts";
import { assemble, buildTestGuest } from "../../helpers/guest.ts";
import { plainComponent } from "../../helpers/guest-components.ts";
import { unrulyGuest } from "../../helpers/unruly-guest.ts";

const test = suite("isolation");

/** Fills the memory of its thread with conversations, which the code of the hostcalls keeps. The input is the length of a text. */
const HOARDER = `
import { Session } from "spear:ai/cchat@0.1.0";
const kept = [];
export const run = (input) => {
	for (let n = 0; ; n += 1) {
		const session = Session.open({ messages: [], tools: [] }, null);
		session.writeMessage({ role: "user", content: [{ tag: "text", val: "x".repeat(Number(input)) + n }] });
		kept.push(session);
	}
};`;

/** Continues one conversation, which it keeps open, and answers with what it got. */
const TALKER = `
import { Session } from "spear:ai/cchat@0.1.0";
let session;
export const run = (input) => {
	session ??= Session.open({ messages: [], tools: [] }, null);
	session.writeMessage({ role: "user", content: [{ tag: "text", val: input }] });
	try {
		return session.send().message.content[0].val;
	} catch (thrown) {
		return thrown.payload.code;
	}
};`;

const quiet = { host: { log_level: "silent" } } as const;

async function withHost(config: Config, run: (host: Host) => Promise<void>): Promise<void> {
	const host = await createHost({ config });
	try {
		await run(host);
	} finally {
		await host.close();
	}
}

async function failureOf(run: Promise<unknown>): Promise<GuestError> {
	const thrown = await run.then(
		() => undefined,
		(error: unknown) => error,
	);
	if (!(thrown instanceof GuestError)) throw new Error(`the run did not fail in the guest: ${String(thrown)}`);
	return thrown;
}

/** Lengths of texts, and what they fill. A short run takes the last, because a heap that fills up costs seconds of garbage collection. Node keeps texts of more than a million bytes outside of the heap. */
const HOARDS = {
	"200000": "the guest trapped: the JavaScript heap of the worker is full (96 MiB)",
	"2000000": "the guest trapped: the worker holds more than 224 MiB",
};

// The account of the instance would refuse earlier. Here it allows anything, so that the bounds of the thread show.
test("a guest that uses up the heap, or memory outside of it, ends alone and says why", async () => {
	const [hoarder, other] = await Promise.all([buildTestGuest(HOARDER), unrulyGuest()]);
	await withHost(
		{ host: { log_level: "silent", max_memory_bytes: 64 * 1024 * 1024 }, limits: { max_handles: 100_000, max_instance_bytes: 2 ** 40 } },
		async (host) => {
			const [bad, good] = [
				await host.load(hoarder.prepared, { isolation: "worker" }),
				await host.load(other.prepared, { isolation: "worker" }),
			];
			const neighbour = await good.instantiate();
			let runs = 0;
			for (const [length, message] of isFullRun ? Object.entries(HOARDS) : Object.entries(HOARDS).slice(-1)) {
				const failure = await failureOf(bad.run(length));
				assert.is(failure.failure, "trapped");
				assert.is(failure.message, message);
				assert.is(await neighbour.run("count"), String(++runs));
			}
			await neighbour.close();
		},
	);
});

test("a guest that nests calls without end ends alone, and the next instance runs", async () => {
	const { prepared } = await unrulyGuest();
	await withHost(quiet, async (host) => {
		const agent = await host.load(prepared, { isolation: "worker" });
		assert.match((await failureOf(agent.run("recursion"))).message, "nested too deeply");
		assert.is(await agent.run("four"), "4");
	});
});

test("a guest that computes for ever is ended by its signal while the loop of the host runs", async () => {
	const component = await assemble(plainComponent("(loop $again (br $again)) unreachable"));
	await withHost(quiet, async (host) => {
		const agent = await host.load(component, { isolation: "worker" });
		const abort = new AbortController();
		const instance = await agent.instantiate({ signal: abort.signal });
		let last = performance.now();
		let longest = 0;
		const ticker = setInterval(() => {
			longest = Math.max(longest, performance.now() - last);
			last = performance.now();
		}, 5);
		setTimeout(() => abort.abort(), 300);
		const thrown = await instance.run("").then(
			() => undefined,
			(error: unknown) => error,
		);
		clearInterval(ticker);
		assert.is(Reflect.get(Object(thrown), "code"), "cancelled");
		assert.ok(longest < 250, `the loop was blocked for ${longest} ms`);
		await instance.close();
		const stuck = await agent.instantiate();
		const run = stuck.run("");
		await stuck.close();
		assert.is(Reflect.get(Object(await run.catch((error: unknown) => error)), "code"), "cancelled");
	});
});

/** Tries of the search in the heap of workers. */
const SEARCHES = 5;

/**
 * Runs the search in a process of its own. Node reads a snapshot of a worker's heap in the main thread while the worker goes on, and crashes by
 * SIGSEGV in one of some ten runs on a busy machine. Only such a crash is tried again.
 */
function searchWorkers(prepared: string): unknown {
	const child = fileURLToPath(new URL("./heap-search-child.ts", import.meta.url));
	for (let tries = 1; ; tries += 1) {
		const { stdout, stderr, status, signal } = spawnSync(process.execPath, [child, prepared], { encoding: "utf8" });
		if (signal === "SIGSEGV" && tries < SEARCHES && stdout === "") continue;
		// The search has printed all that it found before it ends its workers.
		if (signal === "SIGSEGV" && stdout !== "") return JSON.parse(stdout);
		assert.is(status, 0, stderr);
		return JSON.parse(stdout);
	}
}

test("no key and no URL is in the heap of a worker that has made requests with them", async () => {
	const { prepared } = await buildTestGuest(TALKER);
	const { workers, ...rest } = Object(searchWorkers(prepared));
	assert.ok(workers >= 1);
	assert.equal(rest, {
		answers: ["needle-of-the-answer", "backend-error"],
		sent: true,
		found: ["needle-of-the-answer", "needle-of-the-guest"],
	});
});

/** Computes for ever. */
const SPINS = plainComponent("(loop $ever (br $ever)) (call $answer)");

test("a guest in a worker that has used its CPU time of the minute waits, as it does in the host's thread", async () => {
	const guest = { isolation: "worker", cpu_ms_per_minute: 100, run_timeout_ms: 2_000 } as const;
	await withHost({ ...quiet, guests: { guest } }, async (host) => {
		const agent = await host.load(await assemble(SPINS), { guest: "guest" });
		const instance = await agent.instantiate();
		const ended = await instance.run("").catch((thrown: unknown) => thrown);
		assert.is(Reflect.get(Object(ended), "code"), "timeout");
		assert.ok(instance.cpuMs > 50 && instance.cpuMs < 1_500, `${instance.cpuMs} ms`);
		await instance.close();
	});
});

test("a guest without a meter that goes on without CPU time ends with its worker", async () => {
	const guest = { isolation: "worker", metering: "off", cpu_ms_per_minute: 100 } as const;
	await withHost({ ...quiet, guests: { guest } }, async (host) => {
		const agent = await host.load(await assemble(SPINS), { guest: "guest" });
		const ended = await agent.run("").catch((thrown: unknown) => thrown);
		assert.instance(ended, GuestError);
		assert.match(String(ended), "went on without CPU time (cpu_ms_per_minute)");
	});
});

test.run();
