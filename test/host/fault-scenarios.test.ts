/**
 * Faults of an upstream, end to end: a host with its default router, and a server on a real socket. No cut stream is reported as whole, an
 * abort reaches the upstream, and no request is sent after the deadline.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type cchat, createHost, type Host, SpearError } from "../../src/index.ts";
import { FAULT_SCENARIOS, type FaultScenario, good, LONG_WAIT_S, TEXT } from "../helpers/fault-scenarios.ts";
import { answer, type Behaviour, OpenAiServer, sse } from "../helpers/openai-server.ts";

const REQUEST: cchat.Request = { messages: [{ role: "user", content: [{ type: "text", text: "Hi" }], tool_calls: [] }], tools: [] };

/** Deadline of every call, in milliseconds: shorter for upstreams that hang, so that the test does not wait for long. */
const DEADLINE_MS = 20_000;
const HANG_MS = 200;

type Transport = "unary" | "stream";

interface Outcome {
	/** Text that arrived. */
	readonly text: string;
	/** True if the caller saw a whole answer. */
	readonly whole: boolean;
	readonly error: SpearError | undefined;
}

/** Runs a test against a host with one backend that plays this script. After it, both ends must have no open connection. */
async function withUpstream(script: readonly Behaviour[], run: (host: Host, server: OpenAiServer) => Promise<void>): Promise<void> {
	const server = await OpenAiServer.start(...script);
	const host = await createHost({
		config: {
			host: { log_level: "silent" },
			router: { backoff_ms: 1 },
			backends: { up: { kind: "openai-compatible", base_url: server.baseUrl, models: ["m"] } },
		},
	});
	try {
		await run(host, server);
		assert.is(host.backends()[0]?.inFlight, 0);
	} finally {
		await host.close();
		await server.quiet();
		await server.close();
	}
}

async function call(host: Host, transport: Transport, timeout_ms: number, signal?: AbortSignal): Promise<Outcome> {
	const options = { timeout_ms, ...(signal === undefined ? {} : { signal }) };
	let text = "";
	let whole = false;
	try {
		if (transport === "unary") {
			const { payload } = await host.client().call("chat_completions", REQUEST, options);
			text = textOf(payload);
			whole = true;
		} else {
			for await (const event of host.client().stream("chat_completions", REQUEST, options)) {
				if (event.type === "text") text += event.text;
				if (event.type !== "completed") continue;
				assert.is(textOf(event.completed), text);
				whole = true;
			}
		}
	} catch (thrown) {
		assert.instance(thrown, SpearError);
		return { text, whole, error: SpearError.from(thrown) };
	}
	return { text, whole, error: undefined };
}

function textOf({ message }: cchat.Response): string {
	return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

async function play({ fault, outcome, text, waits = false }: FaultScenario, transport: Transport): Promise<void> {
	const isFailure = typeof outcome !== "string";
	await withUpstream([fault(), good(transport === "stream"), good(transport === "stream")], async (host, server) => {
		const isHang = isFailure && outcome.failed === "timeout";
		const seen = await call(host, transport, isHang ? HANG_MS : DEADLINE_MS);
		assert.is(seen.whole, !isFailure);
		assert.is(seen.error?.code, isFailure ? outcome.failed : undefined, String(seen.error));
		// On a slow machine, the deadline of a hang may come before the text.
		if (seen.text !== "" || !isHang) assert.is(seen.text, text ?? (isFailure ? "" : TEXT));
		const wait = seen.error?.retryAfterMs ?? 0;
		if (waits) assert.ok(wait > (LONG_WAIT_S * 1000) / 2 && wait <= LONG_WAIT_S * 1000, `${wait} ms`);
		const count = outcome === "retried" ? 2 : 1;
		assert.is(server.requests.length, count);
		if (isHang) assert.ok((await server.requests[0]?.ended)?.clientClosed);
		await host.close();
		assert.is(server.requests.length, count);
	});
}

for (const scenario of FAULT_SCENARIOS) {
	for (const transport of ["unary", "stream"] as const) {
		if (scenario.transport !== undefined && scenario.transport !== transport) continue;
		test(`${transport === "unary" ? "a whole answer" : "a stream"} has the right outcome after ${scenario.name}`, () =>
			play(scenario, transport));
	}
}

for (const [name, transport, behaviour] of [
	["before its answer", "unary", answer.silence()],
	["within its answer", "unary", answer.stall(Buffer.from("{"), { "content-type": "application/json" })],
	["before its stream", "stream", answer.silence()],
	["within its stream", "stream", answer.stall(sse([{ choices: [{ delta: { content: "Hello " } }] }], { done: false }))],
] as const) {
	test(`the upstream sees the abort of a request ${name}, and no other request follows`, () =>
		withUpstream([behaviour, good(transport === "stream")], async (host, server) => {
			const abort = new AbortController();
			const order: string[] = [];
			const outcome = call(host, transport, DEADLINE_MS, abort.signal);
			const received = await server.request(0);
			const closed = received.ended.then(({ clientClosed }) => order.push(clientClosed ? "upstream closed" : "upstream ended"));
			order.push("aborted");
			abort.abort();
			const { whole, error } = await outcome;
			assert.is(error?.code, "cancelled");
			assert.not.ok(whole);
			await closed;
			assert.equal(order, ["aborted", "upstream closed"]);
			assert.is(server.requests.length, 1);
		}));
}

test("retries end at the deadline, and the failure is told instead of a wait beyond it", () =>
	withUpstream(
		Array.from({ length: 10 }, () => answer.status(503, { error: { message: "Busy" } }, { "retry-after": "0.05" })),
		async (host, server) => {
			const { error } = await call(host, "unary", 75);
			assert.ok(error?.code === "backend_error" || error?.code === "timeout", String(error));
			await host.close(); // A request that was sent may reach the server later than the deadline.
			assert.ok(server.requests.length <= 2, `${server.requests.length} requests`);
		},
	));

test.run();
