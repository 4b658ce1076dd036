/** Engines in threads: start, order, cancellation, crashes, idle time and shutdown. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type EngineOptions, EngineThread, threadModule } from "../../../../src/backends/kit/engine/engine-thread.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import type { ToyTask } from "./toy-thread.ts";

type Toy = EngineThread<ToyTask, number, string>;

const open: Toy[] = [];
const test = suite("engine-thread");
const never = (): AbortSignal => new AbortController().signal;

test.after.each(async () => {
	await Promise.all(open.splice(0).map((engine) => engine.close()));
});

function toy(options: Partial<EngineOptions> = {}): Toy {
	const entry = threadModule("./toy-thread", import.meta.url);
	const engine: Toy = new EngineThread({ title: "the toy", entry, settings: async () => "toy", maxPending: 8, idleMs: 0, ...options });
	open.push(engine);
	return engine;
}

async function failure(promise: Promise<unknown>): Promise<SpearError> {
	try {
		await promise;
	} catch (thrown) {
		if (thrown instanceof SpearError) return thrown;
		throw thrown;
	}
	throw new Error("it did not fail");
}

test("the thread starts once with the first task, and runs tasks in order", async () => {
	let starts = 0;
	const engine = toy({
		settings: async () => {
			starts++;
			return "toy";
		},
	});
	assert.is(engine.isLoaded, false);
	const results = await Promise.all([1, 2, 3].map(() => engine.run({ count: 0 }, { signal: never() })));
	assert.equal([results, starts, engine.isLoaded], [["toy 1", "toy 2", "toy 3"], 1, true]);
});

test("a file with another content fails the start before the engine is loaded, and a mended one starts it", async () => {
	const folder = mkdtempSync(join(tmpdir(), "spear-"));
	try {
		const path = join(folder, "weights.bin");
		const sha256 = createHash("sha256").update("weights").digest("hex");
		// The settings would fail too: the check comes first.
		let settings = "refused";
		const engine = toy({ settings: async () => settings, checks: () => [{ model: "small", path, sha256 }] });
		const faultOf = async () => (await failure(engine.load({ signal: never() }))).message;
		const message = (fault: string): string => `the model small is broken: weights.bin ${fault}; run \`spear models pull small\``;
		assert.is(await faultOf(), message("cannot be read: no such file"));
		writeFileSync(path, "Weights");
		assert.is(await faultOf(), message("has another content"));
		writeFileSync(path, "weights");
		assert.is(await faultOf(), "the model is broken; pull it again");
		settings = "toy";
		assert.is(await engine.run({ count: 0 }, { signal: never() }), "toy 1");
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test("loading starts the thread once, and tells what prevents it", async () => {
	const engine = toy();
	await Promise.all([engine.load({ signal: never() }), engine.load({ signal: never() })]);
	assert.is(engine.isLoaded, true);
	assert.is(await engine.run({ count: 0 }, { signal: never() }), "toy 1");
	assert.is(
		(await failure(toy({ settings: async () => "refused" }).load({ signal: never() }))).message,
		"the model is broken; pull it again",
	);
});

test("events of a task arrive in order, before its result", async () => {
	const events: number[] = [];
	await toy().run({ count: 3 }, { signal: never(), onEvent: (event) => events.push(event) });
	assert.equal(events, [1, 2, 3]);
});

test("a buffer moves to the thread", async () => {
	const bytes = new Uint8Array(1000);
	assert.is(await toy().run({ length: bytes }, { signal: never(), transfer: [bytes.buffer] }), "1000 bytes");
	assert.is(bytes.byteLength, 0);
});

test("an aborted task ends at once, and the next one runs in the same thread", async () => {
	const engine = toy();
	const abort = new AbortController();
	const spinning = engine.run({ spin: true }, { signal: abort.signal, onEvent: () => abort.abort() });
	assert.is((await failure(spinning)).code, "cancelled");
	assert.is(await engine.run({ count: 0 }, { signal: never() }), "toy 2");
});

test("a task beyond the bound of the queue is refused", async () => {
	const engine = toy({ maxPending: 1 });
	const first = engine.run({ count: 0 }, { signal: never() });
	const second = engine.run({ count: 0 }, { signal: never() });
	const third = await failure(engine.run({ count: 0 }, { signal: never() }));
	assert.is(third.code, "rate_limited");
	assert.equal(await Promise.all([first, second]), ["toy 1", "toy 2"]);
});

test("tasks of guests take turns", async () => {
	const engine = toy();
	const order: string[] = [];
	const run = (guest: string) => engine.run({ count: 0 }, { signal: never(), guest }).then((name) => order.push(`${guest} ${name}`));
	await Promise.all(["many", "many", "many", "few"].map(run));
	assert.equal(order, ["many toy 1", "few toy 2", "many toy 3", "many toy 4"]);
});

test("an error of the engine reaches the guest with its code, and other errors without their text", async () => {
	const engine = toy();
	const refused = await failure(engine.run({ fail: "audio: it is too long", code: "invalid_request" }, { signal: never() }));
	assert.equal([refused.code, refused.message], ["invalid_request", "audio: it is too long"]);
	const failed = await failure(engine.run({ fail: "at /secret/path" }, { signal: never() }));
	assert.equal([failed.code, failed.message], ["backend_error", "the engine of the toy failed; the host's log has the reason"]);
	assert.match(String(failed.cause), "at /secret/path");
});

test("an engine that cannot be loaded fails each request, with its own message if it has a code", async () => {
	const unusable = await failure(toy({ settings: async () => "unusable" }).run({ count: 0 }, { signal: never() }));
	assert.is(unusable.message, "the engine of the toy could not be started; the host's log has the reason");
	let settings = "refused";
	const engine = toy({ settings: async () => settings });
	assert.is((await failure(engine.run({ count: 0 }, { signal: never() }))).message, "the model is broken; pull it again");
	settings = "mended";
	assert.is(await engine.run({ count: 0 }, { signal: never() }), "mended 1");
});

test("a crash in the middle of a task is warned of, and the task runs once more", async () => {
	const folder = mkdtempSync(join(tmpdir(), "spear-toy-"));
	try {
		const file = join(folder, "crash");
		writeFileSync(file, "");
		const warned = once(process, "warning");
		assert.is(await toy().run({ exit: 3, ifExists: file }, { signal: never() }), "toy 1");
		assert.match(String((await warned)[0]), "the engine of the toy ended unexpectedly and is started again");
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test("a second crash fails the task, and a later task has a new thread", async () => {
	const engine = toy();
	for (const task of [{ exit: 3 }, { throwLater: "broken" }]) {
		const failed = await failure(engine.run(task, { signal: never() }));
		assert.equal([failed.code, failed.retryable], ["backend_error", false]);
	}
	assert.is(await engine.run({ count: 0 }, { signal: never() }), "toy 1");
});

test("an idle thread ends, and a held one stays", async () => {
	const engine = toy({ idleMs: 20 });
	const release = engine.hold();
	await engine.run({ count: 0 }, { signal: never() });
	await new Promise((resolve) => setTimeout(resolve, 60));
	assert.is(engine.isLoaded, true);
	release();
	await until(() => !engine.isLoaded);
	assert.is(await engine.run({ count: 0 }, { signal: never() }), "toy 1");
});

test("closing ends running and waiting tasks with its reason, and no thread is left", async () => {
	const engine = toy();
	let started = (): void => {};
	const spins = new Promise<void>((resolve) => {
		started = resolve;
	});
	const running = failure(engine.run({ spin: true }, { signal: never(), onEvent: started }));
	const waiting = failure(engine.run({ count: 0 }, { signal: never() }));
	await spins;
	await engine.close(new SpearError("cancelled", "the host shuts down"));
	assert.equal([(await running).message, (await waiting).message], ["the host shuts down", "the host shuts down"]);
	assert.is((await failure(engine.run({ count: 0 }, { signal: never() }))).message, "the host shuts down");
	assert.is(process.getActiveResourcesInfo().includes("MessagePort"), false);
});

test("closing at any step of a task resolves in a process that nothing else keeps alive", () => {
	const child = fileURLToPath(new URL("./close-child.ts", import.meta.url));
	const { status, stderr } = spawnSync(process.execPath, [child], { encoding: "utf8" });
	assert.equal([status, stderr], [7, ""]);
});

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test.run();
