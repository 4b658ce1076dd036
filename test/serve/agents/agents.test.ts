import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assemble, buildTestGuest, scratch } from "../../helpers/guest.ts";
import { plainComponent } from "../../helpers/guest-components.ts";
import { answer, OpenAiServer } from "../../helpers/openai-server.ts";
import { emitsTexts } from "../../helpers/output-guests.ts";
import { openRaw } from "../../helpers/raw-http.ts";
import { type AnswerBody, bodyOf, type Served, served } from "../../helpers/served.ts";

/** Echoes its input; with other inputs, emits, fails, or asks a model. */
const GUEST = `
import { agent, emit } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

export const run = agent((input) => {
	if (input === "emit") {
		emit("one\\ntwo");
		emit({ event: "progress", data: { done: 1, of: 2 } });
		return "done";
	}
	if (input === "fail") throw new Error("no luck today");
	if (input === "emit and fail") {
		emit("begun");
		throw new Error("no luck today");
	}
	if (input === "loop") for (;;) {}
	if (input === "ask") return chat().ask("how?").text;
	return input;
});
`;

const test = suite<{ component: string; echo: string }>("agents over HTTP");

test.before(async (context) => {
	context.component = (await buildTestGuest(GUEST)).component;
});

async function wasm(text: string): Promise<string> {
	const path = join(await mkdtemp(join(scratch(), "agent-")), "agent.wasm");
	await writeFile(path, await assemble(text));
	return path;
}

const JSON_TYPE = { "content-type": "application/json" };

function run(at: Served, name: string, body: unknown, init: RequestInit = {}): Promise<Response> {
	return fetch(`${at.url}/agents/${name}/run`, {
		method: "POST",
		...init,
		headers: { ...JSON_TYPE, ...init.headers },
		body: typeof body === "string" ? body : JSON.stringify(body),
	});
}

function stream(at: Served, name: string, body: unknown, init: RequestInit = {}): Promise<Response> {
	return run(at, name, body, { ...init, headers: { accept: "text/event-stream" } });
}

/** Returns the events of a text, without comments. */
function eventsOf(text: string): [name: string, data: unknown][] {
	const found = text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm);
	return [...found].map(([, name = "", data = ""]) => [name, JSON.parse(data)]);
}

async function codeOf(response: Response): Promise<[status: number, code: string, param?: string]> {
	const { error } = await bodyOf(response);
	return error.param === undefined ? [response.status, error.code] : [response.status, error.code, error.param];
}

test("an agent answers text and JSON, and tells what the run took", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } } });
	const answered = await run(at, "clerk", { input: "hello" });
	assert.is(answered.status, 200);
	const body = await bodyOf(answered);
	assert.equal(Object.keys(body), ["output", "run_id", "cpu_ms", "duration_ms"]);
	assert.is(body.output, "hello");
	assert.is(body.run_id, answered.headers.get("x-request-id"));
	assert.ok(body.cpu_ms > 0 && body.duration_ms > 0);
	assert.is((await bodyOf(await run(at, "clerk", { input: { a: [1, "ü"] } }))).output, '{"a":[1,"ü"]}');
	assert.equal((await bodyOf(await run(at, "clerk", { input: { a: 1 }, output_format: "json" }))).output, { a: 1 });
	assert.equal(await codeOf(await run(at, "clerk", { input: "no JSON", output_format: "json" })), [502, "output_not_json"]);
	const values = `[${"0,".repeat(500_000)}0]`;
	assert.equal(await codeOf(await run(at, "clerk", { input: values, output_format: "json" })), [502, "output_too_large"]);
	const plain = await run(at, "clerk", "{}", { headers: { "content-type": "text/plain; charset=utf-8" } });
	assert.is((await bodyOf(plain)).output, "{}");
	await at.close();
});

test("a request that cannot be read is refused with the member at fault", async ({ component }) => {
	const at = await served({ agents: { clerk: { component, max_input_bytes: 8 } } });
	const cases: [body: unknown, expected: unknown][] = [
		["{", [400, "invalid_json"]],
		[[], [400, "invalid_json"]],
		[{}, [400, "invalid_request", "input"]],
		[{ input: "", stream: true }, [400, "invalid_request", "stream"]],
		[{ input: "", timeout_ms: 0 }, [400, "invalid_request", "timeout_ms"]],
		[{ input: "", cpu_ms: "5" }, [400, "invalid_request", "cpu_ms"]],
		[{ input: "", output_format: "xml" }, [400, "invalid_request", "output_format"]],
		[{ input: "123456789" }, [413, "input_too_large", "input"]],
		[{ input: "12345678" }, undefined],
		[`{"input": "${"\\u0000".repeat(8)}"}`, undefined],
		[`{"input": "${" ".repeat(10_000)}"}`, [413, "body_too_large"]],
	];
	for (const [body, expected] of cases) {
		const response = await run(at, "clerk", body);
		if (expected === undefined) assert.is(response.status, 200, JSON.stringify(body));
		else assert.equal(await codeOf(response), expected, JSON.stringify(body));
		await response.body?.cancel().catch(() => {});
	}
	const form = { "content-type": "application/x-www-form-urlencoded" };
	assert.equal(await codeOf(await run(at, "clerk", "input=1", { headers: form })), [415, "unsupported_media_type"]);
	const invalid = await fetch(`${at.url}/agents/clerk/run`, { method: "POST", headers: JSON_TYPE, body: Buffer.from([0x22, 0xff, 0x22]) });
	assert.equal(await codeOf(invalid), [400, "invalid_request"]);
	assert.equal(await codeOf(await run(at, "nobody", { input: "" })), [404, "not_found"]);
	await at.close();
});

test("a guest's failure keeps its words, and its stack stays in the operator's log", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } } });
	const failed = await run(at, "clerk", { input: "fail" });
	const text = await failed.text();
	assert.is(failed.status, 500);
	assert.match(text, /"code":"guest_failed"/);
	assert.match(text, /no luck today/);
	assert.not.match(text, /guest\.ts|at run/);
	const line = at.log.find(({ fields }) => "guest_stack" in fields);
	assert.match(JSON.stringify(line), /guest\.ts/);
	await at.close();
});

test("the lines of a guest name the guest, and the request that the answer names", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } } });
	const answers = [await run(at, "clerk", { input: "fail" }), await run(at, "clerk", { input: "fail" })];
	const ids = answers.map(({ headers }) => headers.get("x-request-id"));
	const lines = at.log.filter(({ message }) => message.startsWith("the run failed: "));
	assert.equal(
		lines.map(({ fields }) => ["guest", "run_id", "request_id"].map((name) => Object.entries(fields).find(([key]) => key === name)?.[1])),
		ids.map((id) => ["clerk", id, id]),
	);
	assert.is(new Set(ids).size, 2);
	await at.close();
});

test("a guest that traps answers without what it wrote to its standard error", async () => {
	const at = await served({ agents: { broken: { component: await wasm(plainComponent("unreachable")) } } });
	assert.equal(await codeOf(await run(at, "broken", { input: "" })), [500, "guest_trapped"]);
	await at.close();
});

test("a client may set lower limits than the operator, and no higher ones", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } }, guests: { clerk: { run_timeout_ms: 200 } } });
	assert.equal(await codeOf(await run(at, "clerk", { input: "loop", timeout_ms: 3_600_000 })), [504, "timeout"]);
	assert.equal(await codeOf(await run(at, "clerk", { input: "loop", cpu_ms: 20 })), [500, "guest_over_budget"]);
	await at.close();
});

test("a stream has the guest's output as it comes, and the answer as its last event", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } } });
	const response = await stream(at, "clerk", { input: "emit" });
	assert.is(response.status, 200);
	assert.is(response.headers.get("content-type"), "text/event-stream");
	const events = eventsOf(await response.text());
	assert.equal(events.slice(0, 2), [
		["text", { text: "one\ntwo" }],
		["event", { name: "progress", data: { done: 1, of: 2 } }],
	]);
	assert.is(events[2]?.[0], "completed");
	assert.is(Object(events[2]?.[1]).output, "done");
	assert.is(events.length, 3);
	await at.close();
});

test("a stream that fails before its first event is a plain error, and after it an event", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } } });
	assert.equal(await codeOf(await stream(at, "clerk", { input: "fail" })), [500, "guest_failed"]);
	const response = await stream(at, "clerk", { input: "emit and fail" });
	assert.is(response.status, 200);
	const events = eventsOf(await response.text());
	assert.equal(
		events.map(([name]) => name),
		["text", "error"],
	);
	assert.match(JSON.stringify(events[1]?.[1]), /"code":"guest_failed","message":"no luck today","retryable":false,"request_id":"/);
	await at.close();
});

test("a client that closes the connection ends the run, and the request at the upstream", async ({ component }) => {
	for (const accept of ["application/json", "text/event-stream"]) {
		const upstream = await OpenAiServer.start(answer.silence());
		const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
		const at = await served({ backends, agents: { clerk: { component } } });
		const abort = new AbortController();
		const response = run(at, "clerk", { input: "ask" }, { signal: abort.signal, headers: { accept } }).catch(() => "aborted");
		const request = await upstream.request(0);
		abort.abort();
		assert.is(await response, "aborted");
		assert.equal(await request.ended, { clientClosed: true });
		await until(async () => (await agents(at))[0]?.running === 0);
		await at.close();
		await upstream.close();
	}
});

test("a guest waits for a client that reads slowly, and runs no further than the buffers", async () => {
	const bytes = 65_536;
	const component = await wasm(emitsTexts(4_000, bytes));
	const at = await served({ agents: { flood: { component } } });
	const response = await stream(at, "flood", { input: "" });
	const queued = (): number => at.host.memory().guests[0]?.kinds.queues ?? 0;
	let last = -1;
	// The guest waits when the queue is full and stays so. 250 MB would have passed otherwise.
	await until(async () => {
		const before = last;
		last = queued();
		await new Promise((resolve) => setTimeout(resolve, 50));
		return last > 0 && last === before;
	});
	assert.ok(last <= 2 * 1_048_576, `${last} bytes`);
	assert.is((await agents(at))[0]?.running, 1);
	assert.is(eventsOf(await response.text()).length, 4_001);
	await at.close();
});

test("the run of a client that reads nothing ends, and so does that of a client which is revoked", async () => {
	const component = await wasm(emitsTexts(4_000, 65_536));
	const config = { agents: { flood: { component } }, server: { write_timeout_ms: 300 } };
	const at = await served(config);
	const head = "Host: localhost\r\nContent-Type: text/plain\r\nAccept: text/event-stream\r\nContent-Length: 0\r\n\r\n";
	const { socket } = openRaw(at.port, `POST /agents/flood/run HTTP/1.1\r\n${head}`);
	socket.pause();
	await until(async () => (await agents(at))[0]?.running === 1);
	await until(async () => (await agents(at))[0]?.running === 0);
	socket.destroy();
	const response = await stream(at, "flood", { input: "" });
	await at.host.reload({ ...config, clients: { one: { key_sha256: "0".repeat(64) } } });
	const text = await response.text();
	assert.match(text, /\nevent: error\ndata: .*"code":"cancelled"/);
	await at.close();
});

test("runs beyond max_running are answered with 429, until one has ended", async () => {
	const component = await wasm(emitsTexts(1_000, 65_536));
	const at = await served({ agents: { flood: { component, max_running: 2 } } });
	const [first, second] = await Promise.all([stream(at, "flood", { input: "" }), stream(at, "flood", { input: "" })]);
	const refused = await run(at, "flood", { input: "" });
	assert.is(refused.headers.get("retry-after"), "1");
	assert.equal(await codeOf(refused), [429, "rate_limited"]);
	assert.is((await agents(at))[0]?.running, 2);
	await first.body?.cancel();
	await until(async () => (await agents(at))[0]?.running === 1);
	assert.is((await run(at, "flood", { input: "" })).status, 200);
	await second.body?.cancel();
	await at.close();
});

test("a component that cannot be loaded is told, and the other agents work", async ({ component }) => {
	const absent = join(scratch(), "absent.wasm");
	const at = await served({ agents: { clerk: { component }, absent: { component: absent } } });
	assert.match(at.log.find(({ level }) => level === "error")?.message ?? "", `agent absent cannot be loaded`);
	const response = await run(at, "absent", { input: "" });
	const { error } = await bodyOf(response);
	assert.is(response.status, 503);
	assert.is(error.code, "agent_unavailable");
	assert.match(error.message, /^the agent 'absent' cannot run: absent\.wasm cannot be read/);
	assert.not.match(error.message, scratch());
	assert.is((await run(at, "clerk", { input: "x" })).status, 200);
	const [clerk, other] = await agents(at);
	assert.equal([clerk?.name, clerk?.loaded, clerk?.abi, clerk?.guest, clerk?.error], ["clerk", true, "component", "clerk", undefined]);
	assert.equal([other?.name, other?.loaded, other?.abi], ["absent", false, undefined]);
	await at.close();
});

test("a client sees and runs the agents of its scope only", async ({ component }) => {
	const env = { ONE: "a-long-key-of-one", TWO: "a-long-key-of-two" };
	const agentsOf = { clerk: { component }, other: { component } };
	const at = await served({ agents: agentsOf, clients: { one: { key_env: "ONE", agents: ["clerk"] }, two: { key_env: "TWO" } } }, env);
	const one = { authorization: `Bearer ${env.ONE}` };
	assert.equal(
		(await agents(at, one)).map(({ name }) => name),
		["clerk"],
	);
	assert.equal(
		(await agents(at, { "x-api-key": env.TWO })).map(({ name }) => name),
		["clerk", "other"],
	);
	assert.is((await run(at, "clerk", { input: "" }, { headers: one })).status, 200);
	assert.equal(await codeOf(await run(at, "other", { input: "" }, { headers: one })), [403, "not_permitted"]);
	assert.equal(await codeOf(await run(at, "unknown", { input: "" }, { headers: one })), [403, "not_permitted"]);
	assert.equal(await codeOf(await run(at, "clerk", { input: "" })), [401, "unauthenticated"]);
	await at.close();
});

test("the run belongs to the span of the request, and a malformed traceparent is ignored", async ({ component }) => {
	const trace = "0af7651916cd43dd8448eb211c80319c";
	const upstream = await OpenAiServer.start(answer.json(CHAT), answer.json(CHAT));
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends, agents: { clerk: { component } }, telemetry: { propagate: ["up"] } });
	await run(at, "clerk", { input: "ask" }, { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } });
	assert.match(String(upstream.requests[0]?.headers.traceparent), new RegExp(`^00-${trace}-`));
	assert.is((await run(at, "clerk", { input: "ask" }, { headers: { traceparent: "nonsense" } })).status, 200);
	await at.close();
	await upstream.close();
});

const CHAT = {
	id: "1",
	object: "chat.completion",
	created: 1,
	model: "m",
	choices: [{ index: 0, message: { role: "assistant", content: "so" }, finish_reason: "stop" }],
};

async function agents(at: Served, headers: Record<string, string> = {}): Promise<AnswerBody["agents"]> {
	const response = await fetch(`${at.url}/agents`, { headers });
	return (await bodyOf(response)).agents;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
	while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

test.run();
