/** A worker whose code an attacker has replaced can end its own guest, and do no more. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { LIMITS } from "../../helpers/guest-scope.ts";
import { stubScope } from "../../helpers/stub-scope.ts";
import { startHostileWorker } from "./hostile-worker.ts";

/** Statements of an attacker, and the rule that they break. */
const ATTACKS: Readonly<Record<string, { readonly attack: string; readonly rule: string }>> = {
	"sends no list": { attack: 'parentPort.postMessage({ type: "closed" })', rule: "a worker sends no list of messages" },
	"sends a list of a million messages": { attack: "post(...new Array(100_000).fill(0))", rule: "a worker sends no list of messages" },
	"sends a number": { attack: "post(1)", rule: "a message lacks an object" },
	"sends an unknown type": { attack: 'post({ type: "constructor" })', rule: "a message has an unknown type" },
	"says that it is ready again": { attack: 'post({ type: "ready" }, { type: "ready" })', rule: "a worker is ready twice" },
	"starts twice": { attack: 'post({ type: "started" })', rule: "an instance starts twice" },
	"closes by itself": { attack: 'post({ type: "closed" })', rule: "an instance closes by itself" },
	"ends a run that does not exist": {
		attack: 'post({ type: "outcome", id: 99, outcome: { ok: "" }, cpuMs: 0 })',
		rule: "a run that is not in progress has an outcome",
	},
	"invents a code": {
		attack: 'post({ type: "refused", id, error: { code: "__proto__", message: "" } })',
		rule: "an error has an unknown code",
	},
	"skips an id": {
		attack: 'post({ type: "call", id: 2, call: { name: "get", reference: { type: "stored", stored: "x" } } })',
		rule: "a call has an id that is not the next",
	},
	"uses an id twice": {
		attack: 'const call = { type: "call", id: 1, call: { name: "drain", session: 1 } }; post(call, call)',
		rule: "a call has an id that is not the next",
	},
	"makes an unknown call": { attack: 'post({ type: "call", id: 1, call: { name: "constructor" } })', rule: "a call has an unknown name" },
	"calls an unknown operation": {
		attack: 'post({ type: "call", id: 1, call: { name: "unary", call: chat({ operation: "constructor" }) } })',
		rule: "a call has an unknown operation",
	},
	"connects an operation without sessions": {
		attack: 'post({ type: "call", id: 1, call: { name: "connect", call: chat({}) } })',
		rule: "an operation without sessions is connected",
	},
	"returns credit that it never had": {
		attack: 'post({ type: "call", id: 1, call: { name: "stream", call: chat({}) } }, { type: "credit", id: 1, bytes: 1e9 })',
		rule: "a worker returns more credit than it has received",
	},
	"returns negative credit": { attack: 'post({ type: "credit", id: 1, bytes: -1 })', rule: "a message lacks a whole number" },
	"cancels what never was": { attack: 'post({ type: "cancel", id: 7 })', rule: "an unknown call is cancelled" },
	"cancels for ever": {
		attack:
			'post({ type: "call", id: 1, call: { name: "drain", session: 1 } }); for (;;) post(...new Array(1_000).fill({ type: "cancel", id: 1 }))',
		rule: "a worker sends more notices than it has calls and events",
	},
	"logs for ever": {
		attack: 'for (;;) post(...new Array(100).fill({ type: "line", line: { kind: "log", level: "info", message: "x", fields: [] } }))',
		rule: "a worker sends more lines than its budget allows",
	},
	"keeps calls in flight without end": {
		attack: `let n = 0; for (;;) post({ type: "call", id: ++n, call: { name: "unary", call: chat({}) } })`,
		rule: "too many calls are in flight",
	},
	"shares memory": {
		attack: 'post({ type: "call", id: 1, call: { name: "put", bytes: new Uint8Array(new SharedArrayBuffer(8)) } })',
		rule: "a message shares memory",
	},
	"sends more than the memory of a guest": {
		attack: 'post({ type: "call", id: 1, call: { name: "put", bytes: new Uint8Array(17 * 1024 * 1024) } })',
		rule: "a message is larger than the memory of its guest",
	},
	"hides a cycle in the schema of a tool": {
		attack: `const schema = { type: "object" }; schema.properties = schema;
			post({ type: "call", id: 1, call: { name: "unary", call: chat({ payload: { messages: [], tools: [{ name: "t", description: "", parameters: schema }] } }) } })`,
		rule: "a message is nested deeper than 512 levels",
	},
	"calls tools of a host without tools": {
		attack: 'post({ type: "call", id: 1, call: { name: "list-tools", selection: { servers: ["fs"], allow: [], deny: [] } } })',
		rule: "a worker calls tools of a host without tools",
	},
	"calls a tool without a selection": {
		attack: 'post({ type: "call", id: 1, call: { name: "call-tool", tool: { name: "t", arguments: "", maxOutputBytes: 1 } } })',
		rule: "a message lacks an object",
	},
	"selects servers that are no texts": {
		attack: 'post({ type: "call", id: 1, call: { name: "list-tools", selection: { servers: [{}], allow: [], deny: [] } } })',
		rule: "a message lacks a text",
	},
	"emits output before the last one was taken": {
		attack: `const emit = (id) => ({ type: "call", id, call: { name: "emit", output: { type: "text", text: "x" } } }); post(emit(1), emit(2))`,
		rule: "a worker emits output before the last one was taken",
	},
	"emits output of an unknown type": {
		attack: 'post({ type: "call", id: 1, call: { name: "emit", output: { type: "constructor" } } })',
		rule: "an output has an unknown type",
	},
	"emits an event whose data is no JSON": {
		attack: 'post({ type: "call", id: 1, call: { name: "emit", output: { type: "event", name: "x", data: "{" } } })',
		rule: "a worker emits output that no hostcall accepts",
	},
	"emits an event without a name": {
		attack: 'post({ type: "call", id: 1, call: { name: "emit", output: { type: "event", data: "1" } } })',
		rule: "a message lacks a text",
	},
	"makes two blocking calls": {
		attack: 'for (let n = 0; n < 5_000; n += 1) ask({ name: "catalog" })',
		rule: "a worker makes a blocking call before the last one is answered",
	},
	"makes an unknown blocking call": { attack: 'ask({ name: "toString" })', rule: "a blocking call has an unknown name" },
	"sends a map": { attack: "post(new Map())", rule: "a message holds an object that is no plain data" },
};

for (const [name, { attack, rule }] of Object.entries(ATTACKS)) {
	test(`a worker that ${name} is ended, and its run with it`, async () => {
		// Nothing is answered, so that calls stay in flight.
		const pipeline = { ...stubScope().pipeline, ...(name.includes("in flight") ? { unary: () => new Promise<never>(() => {}) } : {}) };
		const { instance, thread, faults } = await startHostileWorker(attack, { pipeline });
		const outcome = await instance.run("");
		assert.equal("trap" in outcome && { kind: outcome.trap.kind, message: outcome.trap.message }, {
			kind: "host-fault",
			message: `the guest's worker broke the protocol of the host: ${rule}`,
		});
		await thread.exited;
		assert.equal(faults, [`a worker of a guest broke the protocol of the host and was ended ${rule}`]);
	});
}

/** Sends a chat's call, waits for its answer, and ends the run with the answer as JSON. */
const callOnce = (call: string): string =>
	`post({ type: "call", id: 1, call: { name: "unary", call: ${call} } });
	const isAnswer = ({ type }) => type === "answer" || type === "failure";
	while (!received.some(isAnswer)) await new Promise((done) => setTimeout(done, 5));
	post({ type: "outcome", id, outcome: { ok: JSON.stringify(received.find(isAnswer)) }, cpuMs: 0 });`;

test("ids, times, limits and size of a call are the host's, whatever the worker adds to the call", async () => {
	const scope = stubScope();
	const forged =
		'chat({ options: { timeout_ms: 3_600_000 }, request_id: "forged", meta: { created_at_ms: 1 }, size: { input_tokens: 0 } })';
	const { instance, thread } = await startHostileWorker(callOnce(forged), { pipeline: scope.pipeline });
	await instance.run("");
	const { request_id, timeout_ms, meta, size, requirements } = JSON.parse(scope.requests[0] ?? "");
	assert.equal({ request_id, timeout_ms, meta }, { request_id: "request", timeout_ms: 60_000, meta: { created_at_ms: 1_700_000_000_000 } });
	assert.equal(requirements.required_transports, ["unary"]);
	assert.ok(size.input_tokens > 0);
	await thread.terminate();
});

const REFUSED: Readonly<Record<string, { readonly call: string; readonly message: string }>> = {
	"without a payload": { call: "chat({ payload: undefined })", message: "value: must be object" },
	"with the payload of another operation": { call: 'chat({ operation: "embeddings" })', message: "input: is required" },
	"with options that are a number": { call: "chat({ options: 7 })", message: "options: must be object" },
	"with the trace of another run": { call: 'chat({ options: { trace: "x" } })', message: "options.trace: no such key" },
};

for (const [name, { call, message }] of Object.entries(REFUSED)) {
	test(`a call ${name} is refused as a call of a guest in the host's thread`, async () => {
		const scope = stubScope();
		const { instance, thread } = await startHostileWorker(callOnce(call), { pipeline: scope.pipeline });
		const outcome = await instance.run("");
		const { error } = JSON.parse("ok" in outcome ? outcome.ok : "{}");
		assert.is(error.code, "invalid_request");
		assert.match(error.message, message);
		assert.equal(scope.requests, []);
		await thread.terminate();
	});
}

test("a worker that ignores an abort is ended, and the event loop of the host runs meanwhile", async () => {
	const { instance, thread, abort } = await startHostileWorker("for (;;);");
	const run = instance.run("");
	let ticks = 0;
	const ticker = setInterval(() => (ticks += 1), 10);
	abort.abort();
	const outcome = await run;
	clearInterval(ticker);
	assert.is("trap" in outcome && outcome.trap.kind, "aborted");
	assert.ok(ticks > 20, `${ticks} ticks`);
	await thread.exited;
	await instance.run("").then(
		() => assert.unreachable(),
		(error: Error) => assert.match(error.message, "cannot run any more"),
	);
});

test("lines of a worker in order are written within the budget of the host", async () => {
	const line = '{ type: "line", line: { kind: "log", level: "info", message: "x", fields: [] } }';
	const { instance, lines, thread } = await startHostileWorker(
		`post(...new Array(${LIMITS.maxLogLinesPerS}).fill(${line}), { type: "outcome", id, outcome: { ok: "done" }, cpuMs: 0 })`,
	);
	assert.equal(await instance.run(""), { ok: "done" });
	assert.is(lines.length, LIMITS.maxLogLinesPerS);
	await thread.terminate();
});

test("a worker that never starts its guest is ended", async () => {
	const clock = new FakeClock();
	const start = startHostileWorker("", { clock }, "").then(
		() => "started",
		(error: Error) => error.message,
	);
	while (clock.pending === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	await clock.advance(10_000);
	assert.is(await start, "the guest failed while it was being instantiated: it did not start within 10 seconds");
});

test.run();
