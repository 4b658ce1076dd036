import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, createHost, GuestError, type Host, type LoadOptions, type RunOutput, SpearError } from "../../src/index.ts";
import { assemble, buildTestGuest, scratch } from "../helpers/guest.ts";
import { emitsEvent, emitsTexts, printsTexts } from "../helpers/output-guests.ts";

/** Output that guests emit while they run. */
const test = suite<{ host: Host }>("output of runs");

const PLACES: readonly { readonly name: string; readonly options: LoadOptions }[] = [
	{ name: "the host's thread", options: { isolation: "shared" } },
	{ name: "a worker", options: { isolation: "worker" } },
	{ name: "the engine jco", options: { isolation: "shared", engine: "jco" } },
];

/** Bytes that may wait for a reader. */
const BUFFER = 1_024;

test.before(async (context) => {
	context.host = await createHost({
		config: { host: { cache_dir: scratch(), log_level: "silent" }, limits: { stream_buffer_bytes: BUFFER } },
		env: {},
	});
});

test.after(({ host }) => host.close());

async function collect(run: AsyncIterable<RunOutput>): Promise<RunOutput[]> {
	const received: RunOutput[] = [];
	for await (const output of run) received.push(output);
	return received;
}

async function failure(promise: Promise<unknown>): Promise<SpearError | GuestError> {
	try {
		await promise;
	} catch (thrown) {
		if (thrown instanceof SpearError || thrown instanceof GuestError) return thrown;
		throw thrown;
	}
	throw new Error("the run did not fail");
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Resolves when the queues of the agent's instance hold that many bytes, and no more after some turns. */
async function whenQueued(agent: Agent, bytes: number): Promise<void> {
	const queued = (): number => agent.memory()[0]?.kinds.queues ?? 0;
	while (queued() < bytes) await turn();
	for (let turns = 0; turns < 50; turns += 1) await turn();
	assert.is(queued(), bytes);
}

const letters = (count: number): string[] => Array.from({ length: count }, (_, index) => String.fromCharCode(97 + (index % 26)));

for (const { name, options } of PLACES) {
	test(`texts of a component in ${name} arrive in order and before the answer`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(2_000, 3)), options);
		const run = agent.run("");
		const received = await collect(run);
		assert.equal(
			received,
			letters(2_000).map((letter) => ({ type: "text", text: `${letter}..` })),
		);
		assert.is(await run, "ok");
		await agent.close();
	});

	test(`an event of a component in ${name} arrives as the value of its JSON`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsEvent("step.done-1_x", '{"n":[1,null,"é"],"__proto__":2}')), options);
		assert.equal(await collect(agent.run("")), [
			{ type: "event", name: "step.done-1_x", data: JSON.parse('{"n":[1,null,"é"],"__proto__":2}') },
		]);
		await agent.close();
	});

	test(`a guest in ${name} waits for a slow reader, and the queue stays within its bound`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(500, 100)), options);
		const run = agent.run("");
		const reader = run[Symbol.asyncIterator]();
		assert.equal((await reader.next()).value, { type: "text", text: `a${".".repeat(99)}` });
		await whenQueued(agent, 1_000);
		let count = 1;
		while (!(await reader.next()).done) count += 1;
		assert.is(count, 500);
		assert.is(await run, "ok");
		assert.is(host.memory().used, 0);
		await agent.close();
	});

	test(`a run in ${name} goes on without a reader, whatever it emits`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(5_000, 1_000)), options);
		assert.is(await agent.run(""), "ok");
		await agent.close();
	});

	test(`an abort ends a guest in ${name} that waits for its reader, and the loop throws the reason`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(500, 100)), options);
		const abort = new AbortController();
		const run = agent.run("", { signal: abort.signal });
		const reader = run[Symbol.asyncIterator]();
		await reader.next();
		await whenQueued(agent, 1_000);
		abort.abort(new SpearError("cancelled", "enough"));
		assert.is((await failure(run)).message, "enough");
		assert.is((await failure(reader.next())).message, "enough");
		assert.equal(await reader.next(), { done: true, value: undefined });
		assert.equal(agent.memory(), []);
		await agent.close();
	});

	test(`leaving the loop cancels the run of a guest in ${name}`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(1_000_000, 100)), options);
		const run = agent.run("");
		for await (const output of run) {
			assert.is(output.type, "text");
			break;
		}
		// The loop has waited for the end of the run.
		assert.equal(agent.memory(), []);
		const thrown = await failure(run);
		assert.is(thrown instanceof SpearError && thrown.code, "cancelled");
		assert.is(thrown.message, "the reader of the run's output has left");
		await agent.close();
	});

	test(`a text in ${name} that exceeds the queue passes alone`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(3, 100_000)), options);
		const sizes = (await collect(agent.run(""))).map((output) => (output.type === "text" ? output.text.length : 0));
		assert.equal(sizes, [100_000, 100_000, 100_000]);
		await agent.close();
	});

	test(`a text of 100 MB ends its guest in ${name} and reaches no reader`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(1, 100_000_000)), options);
		const run = agent.run("");
		const received: RunOutput[] = [];
		const thrown = await failure(
			(async () => {
				for await (const output of run) received.push(output);
			})(),
		);
		assert.equal(received, []);
		assert.is(thrown instanceof GuestError && thrown.failure, "trapped");
		await agent.close();
	});

	for (const [fault, eventName, json] of [
		["a name with a space", "a b", "1"],
		["no name", "", "1"],
		["a name of 65 letters", "x".repeat(65), "1"],
		["a name with a line break at its end", "x\n", "1"],
		["data that is no JSON", "x", "{"],
		["data without a value", "x", ""],
		["data of too many levels", "x", "[".repeat(257) + "]".repeat(257)],
	] as const) {
		test(`an event with ${fault} is refused to a guest in ${name}`, async ({ host }) => {
			const agent = await host.load(await assemble(emitsEvent(eventName, json)), options);
			const run = agent.run("");
			const received: RunOutput[] = [];
			const thrown = await failure(
				(async () => {
					for await (const output of run) received.push(output);
				})(),
			);
			// The guest traps when it receives the error.
			assert.is(thrown instanceof GuestError && thrown.failure, "trapped");
			assert.equal(received, []);
			await agent.close();
		});
	}
}

for (const { name, options } of PLACES.slice(0, 2)) {
	test(`a million small texts of a guest in ${name} cost a slow reader no more than its queue`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(1_000_000, 1)), options);
		const run = agent.run("");
		let count = 0;
		let most = 0;
		for await (const output of run) {
			assert.is(output.type, "text");
			most = Math.max(most, agent.memory()[0]?.kinds.queues ?? 0);
			if (++count === 2_000) break;
		}
		assert.ok(most <= BUFFER, `${most} bytes were queued`);
		await agent.close();
	});

	test(`the standard output of a core module in ${name} is text of its run, and waits for the reader`, async ({ host }) => {
		const agent = await host.load(await assemble(printsTexts("line!", 1_000)), options);
		const run = agent.run("");
		const reader = run[Symbol.asyncIterator]();
		let text = "";
		const first = await reader.next();
		if (!first.done && first.value.type === "text") text += first.value.text;
		await whenQueued(agent, BUFFER);
		for (let next = await reader.next(); !next.done; next = await reader.next()) if (next.value.type === "text") text += next.value.text;
		assert.is(text, "line!".repeat(1_000));
		assert.is(await run, "");
		await agent.close();
	});

	test(`a deadline ends a core module in ${name} that waits for its reader`, async ({ host }) => {
		const agent = await host.load(await assemble(printsTexts("line!", 1_000)), options);
		const run = agent.run("", { timeoutMs: 500 });
		const reader = run[Symbol.asyncIterator]();
		await reader.next();
		const thrown = await failure(run);
		assert.is(thrown instanceof SpearError && thrown.code, "timeout");
		// What was emitted before the deadline still arrives.
		let count = 1;
		const rest = await failure(
			(async () => {
				for (;;) {
					if ((await reader.next()).done) return;
					count += 1;
				}
			})(),
		);
		assert.is(rest, thrown);
		assert.ok(count > 1 && count <= 1 + BUFFER / 64, `${count} texts`);
		await agent.close();
	});
}

for (const { name, options } of PLACES) {
	test(`each run of an instance in ${name} has a reader of its own, and a run that is refused takes no output`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(3, 1)), options);
		const instance = await agent.instantiate();
		assert.is(await instance.run(""), "ok");
		const run = instance.run("");
		const refused = instance.run("");
		const outputs = collect(run);
		assert.is((await failure(collect(refused))).message.includes("is running") || options.isolation === "worker", true);
		assert.equal(
			(await outputs).map((output) => output.type === "text" && output.text),
			["a", "b", "c"],
		);
		assert.is((await collect(instance.run(""))).length, 3);
		await agent.close();
	});

	test(`leaving the loop over a run of an instance in ${name} ends the instance`, async ({ host }) => {
		const agent = await host.load(await assemble(emitsTexts(1_000_000, 1)), options);
		const instance = await agent.instantiate();
		for await (const _ of instance.run("")) break;
		const thrown = await failure(instance.run(""));
		assert.is(thrown instanceof SpearError && thrown.code, "invalid_request");
		await agent.close();
	});
}

test("leaving the loop over a run that waits for its start cancels the run", async () => {
	const host = await createHost({ config: { host: { cache_dir: scratch(), log_level: "silent", max_running: 1 } }, env: {} });
	try {
		const agent = await host.load(await assemble(emitsTexts(1, 1)));
		const instance = await agent.instantiate();
		const run = agent.run("");
		const reader = run[Symbol.asyncIterator]();
		await reader.return?.();
		assert.is((await failure(run)).message, "the reader of the run's output has left");
		await instance.close();
		assert.is(await agent.run(""), "ok");
	} finally {
		await host.close();
	}
});

test("characters of a core module that it writes in two parts arrive whole", async ({ host }) => {
	const agent = await host.load(
		await assemble(`(module
		(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
		(memory (export "memory") 1) (data (i32.const 16) "\\c3\\a9") (data (i32.const 0) "\\10\\00\\00\\00\\01\\00\\00\\00")
		(func (export "_start")
			(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
			(i32.store (i32.const 0) (i32.const 17))
			(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`),
	);
	assert.equal(await collect(agent.run("")), [{ type: "text", text: "é" }]);
	await agent.close();
});

const JAVASCRIPT = `
	import { agent, emit } from "spear-hostcall/guest";
	export const run = agent((input) => {
		if (input === "fails") { emit("before"); throw new Error("no luck"); }
		if (input === "bad") { try { emit({ event: "a b", data: 1 }); } catch (error) { return error.code + ": " + error.message; } }
		emit("Hello, ");
		emit({ event: "progress", data: { done: 1, of: 2 } });
		emit({ event: "tick" });
		emit("w\\ud800");
		return "done";
	});`;

for (const { name, options } of PLACES) {
	test(`a TypeScript guest in ${name} emits by the guest library`, async ({ host }) => {
		const { component } = await buildTestGuest(JAVASCRIPT);
		const agent = await host.load(component, options);
		const run = agent.run("");
		assert.equal(await collect(run), [
			{ type: "text", text: "Hello, " },
			{ type: "event", name: "progress", data: { done: 1, of: 2 } },
			{ type: "event", name: "tick", data: null },
			{ type: "text", text: "w\ufffd" },
		]);
		assert.is(await run, "done");
		assert.match(await agent.run("bad"), /^invalid-request: name: .*"a b"/);

		const failing = agent.run("fails");
		const received: RunOutput[] = [];
		const thrown = await failure(
			(async () => {
				for await (const output of failing) received.push(output);
			})(),
		);
		assert.equal(received, [{ type: "text", text: "before" }]);
		assert.is(thrown.message, "no luck");
		await agent.close();
	});
}

test.run();
