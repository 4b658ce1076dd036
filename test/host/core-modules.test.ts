/** Core modules as guests of a host, in its thread and in workers. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, GuestError, type Host, type HostEvent, SpearError } from "../../src/index.ts";
import { assemble, scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";

const test = suite<{ host: Host }>("core modules in a host");

/** Writes `hello` to the log and to standard output, counts its runs in its memory, and exits with that number from the third on. */
const COUNTS = await assemble(`(module
	(import "spear" "log" (func $log (param i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
	(memory (export "memory") 1) (data (i32.const 16) "hello\\n") (data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00")
	(func (export "_start")
		(drop (call $log (i32.const 3) (i32.const 16) (i32.const 6)))
		(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
		(i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
		(if (i32.gt_u (i32.load (i32.const 64)) (i32.const 2)) (then (call $exit (i32.load (i32.const 64)))))))`);
const ENDLESS = await assemble('(module (func (export "_start") (loop (br 0))))');
const SLEEPS = await assemble(
	'(module (import "spear" "sleep_ms" (func $s (param i32))) (func (export "_start") (call $s (i32.const -1))))',
);
const TRAPS = await assemble('(module (func (export "_start") unreachable))');

test.before(async (context) => {
	context.host = await createHost({ config: { host: { cache_dir: scratch(), log_level: "silent" } }, env: {} });
});

test.after(({ host }) => host.close());

async function failure(promise: Promise<unknown>): Promise<SpearError | GuestError> {
	try {
		await promise;
	} catch (thrown) {
		if (thrown instanceof SpearError || thrown instanceof GuestError) return thrown;
		throw thrown;
	}
	return assert.unreachable("the run succeeded") as never;
}

for (const isolation of ["shared", "worker"] as const) {
	const load = (host: Host, module: Uint8Array): Promise<Agent> => host.load(module, { isolation });

	test(`a run answers with an empty text, and its lines are events (${isolation})`, async ({ host }) => {
		const agent = await load(host, COUNTS);
		const events: HostEvent[] = [];
		assert.is(await agent.run("", { onEvent: (event) => events.push(event) }), "");
		assert.is(await agent.run(""), "");
		const lines = events.flatMap((event) =>
			event.type === "log" ? [[event.level, event.message]] : event.type === "output" ? [[event.stream, event.line]] : [],
		);
		assert.equal(lines, [
			["warn", "hello"],
			["stdout", "hello"],
		]);
	});

	test(`an instance that is kept runs again with its memory, and its exit status reaches the embedder (${isolation})`, async ({ host }) => {
		const instance = await (await load(host, COUNTS)).instantiate();
		assert.is(await instance.run(""), "");
		assert.is(await instance.run(""), "");
		const error = await failure(instance.run(""));
		assert.instance(error, GuestError);
		const { failure: kind, exitStatus, message } = error as GuestError;
		assert.equal({ kind, exitStatus, message }, { kind: "failed", exitStatus: 3, message: "the guest exited with status 3" });
		assert.match((await failure(instance.run(""))).message, "cannot run any more");
		await instance.close();
	});

	test(`guests that compute and guests that wait are stopped (${isolation})`, async ({ host }) => {
		for (const module of [ENDLESS, SLEEPS]) {
			const agent = await load(host, module);
			const late = await failure(agent.run("", { timeoutMs: 50 }));
			assert.is((late as SpearError).code, "timeout");
			const reason = new SpearError("cancelled", "enough");
			const abort = new AbortController();
			setTimeout(() => abort.abort(reason), 20);
			assert.is(await failure(agent.run("", { signal: abort.signal })), reason);
		}
		const spent = await failure((await load(host, ENDLESS)).run("", { cpuMs: 20 }));
		assert.is((spent as GuestError).failure, "over_budget");
	});

	test(`a trap is a failure without exit status (${isolation})`, async ({ host }) => {
		const error = await failure((await load(host, TRAPS)).run(""));
		assert.instance(error, GuestError);
		const { failure: kind, exitStatus } = error as GuestError;
		assert.equal([kind, exitStatus], ["trapped", undefined]);
	});

	test(`an input is refused (${isolation})`, async ({ host }) => {
		const error = await failure((await load(host, COUNTS)).run("hello"));
		assert.is((error as SpearError).code, "invalid_request");
		assert.match(error.message, "`_start` takes no input");
	});
}

test("the memory of a guest counts in its account", async ({ host }) => {
	const module = await assemble(`(module (import "spear" "sleep_ms" (func $s (param i32))) (memory (export "memory") 3)
		(func (export "_start") (drop (memory.grow (i32.const 5))) (call $s (i32.const -1))))`);
	const agent = await host.load(module);
	const abort = new AbortController();
	const run = failure(agent.run("", { signal: abort.signal }));
	let linear = 0;
	while (linear < 8 * 65_536) {
		await new Promise((resolve) => setImmediate(resolve));
		linear = agent.memory()[0]?.kinds.linear ?? 0;
	}
	assert.is(linear, 8 * 65_536);
	abort.abort();
	await run;
	assert.equal(agent.memory(), []);
});

test.run();
