/** A backend whose answer breaks the ABI is named, whoever wrote it, and another backend can answer instead. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Operation } from "../../generated/ir/operations.ts";
import type { BackendKind } from "../../src/backends/backend.ts";
import { type BackendInstance, defineBackend } from "../../src/backends/define-backend.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { createHost } from "../../src/host/create-host.ts";
import type { Host } from "../../src/host/host.ts";
import { mostPerTurn } from "../helpers/turn-count.ts";

/** A kind whose single operation has these functions, whatever their types. */
function kindOf(name: string, operation: Operation, functions: object): BackendKind {
	const operations: unknown = { [operation]: { features: [], ...functions } };
	return defineBackend({ name, create: () => ({ operations }) as BackendInstance });
}

async function failureOf(run: () => Promise<unknown>): Promise<SpearError> {
	try {
		await run();
	} catch (thrown) {
		if (thrown instanceof SpearError) return thrown;
		throw thrown;
	}
	throw new Error("nothing was thrown");
}

const QUIET = { host: { log_level: "silent" }, router: { max_attempts: 1 } } as const;
const PAYLOAD = { input: ["a"] };
const VECTORS = { model: "m", dimensions: 1, vectors: [Float32Array.of(1)] };
const CHAT = {
	messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }], tool_calls: [] }],
	tools: [],
	model: "m",
};

test("a result of another shape is a backend error that names the backend and the member", async () => {
	const wrong = kindOf("wrong", "embeddings", { unary: async () => ({ ...VECTORS, vectors: "none" }) });
	await using host = await started([wrong], { bad: { kind: "wrong", models: ["m"] } });
	const error = await failureOf(() => host.client().call("embeddings", { ...PAYLOAD, model: "m" }));
	assert.equal(
		[error.code, error.attribution, error.message],
		["backend_error", "backend", "backend 'bad' returned an invalid result of embeddings: vectors: must be array"],
	);
});

test("a fault in the part of an answer that a feature of the request made is not held against the backend", async () => {
	const message = { role: "assistant", content: [], tool_calls: [{ id: 7, name: "add", arguments: "{}" }] };
	const wrong = kindOf("wrong", "chat_completions", { unary: async () => ({ model: "m", message, finish_reason: "tool_calls" }) });
	await using host = await started([wrong], { bad: { kind: "wrong", models: ["m"] } });
	const error = await failureOf(() => host.client().call("chat_completions", CHAT));
	assert.equal([error.code, error.attribution], ["backend_error", "request"]);
	assert.match(error.message, /message\.tool_calls\[0\]\.id: must be string/);
});

test("the events of a stream are spread over many turns of the event loop when all are there at once", async () => {
	const message = { role: "assistant", content: [], tool_calls: [] };
	const many = kindOf("many", "chat_completions", {
		async *stream() {
			for (let event = 0; event < 5000; event++) yield { type: "text", text: String(event) };
			yield { type: "completed", completed: { model: "m", message, finish_reason: "stop" } };
		},
	});
	await using host = await started([many], { good: { kind: "many", models: ["m"] } });
	const { items, most } = await mostPerTurn(host.client().stream("chat_completions", CHAT));
	assert.equal(
		items.map((event) => (event.type === "text" ? event.text : event.type)),
		[...Array.from({ length: 5000 }, (_, event) => String(event)), "completed"],
	);
	assert.ok(most <= 2 * 256, `${most} events were handled in one turn`);
});

test("a result that is nothing at all names the backend too", async () => {
	const wrong = kindOf("wrong", "embeddings", { unary: async () => undefined });
	await using host = await started([wrong], { bad: { kind: "wrong", models: ["m"] } });
	const error = await failureOf(() => host.client().call("embeddings", { ...PAYLOAD, model: "m" }));
	assert.match(error.message, /^backend 'bad' returned an invalid result of embeddings: /);
});

test("an answer with two tool calls of one id fails before any tool runs, and is not held against the backend", async () => {
	const call = { id: "c1", name: "add", arguments: "{}" };
	const message = { role: "assistant", content: [], tool_calls: [call, call] };
	const twice = kindOf("twice", "chat_completions", { unary: async () => ({ model: "m", message, finish_reason: "tool_calls" }) });
	await using host = await started([twice], { bad: { kind: "twice", models: ["m"] } });
	const error = await failureOf(() => host.client().call("chat_completions", CHAT));
	const fault = "message.tool_calls[1].id: another call of the answer has the same id";
	assert.equal(
		[error.code, error.attribution, error.message],
		["backend_error", "request", `backend 'bad' returned an invalid result of chat_completions: ${fault}`],
	);
});

test("another backend answers when one breaks the ABI", async () => {
	const wrong = kindOf("wrong", "embeddings", { unary: async () => ({}) });
	const right = kindOf("right", "embeddings", { unary: async () => VECTORS });
	await using host = await started(
		[wrong, right],
		{
			bad: { kind: "wrong", models: ["m"] },
			good: { kind: "right", models: ["m"], priority: 1 },
		},
		2,
	);
	const { backend, payload } = await host.client().call("embeddings", { ...PAYLOAD, model: "m" });
	assert.is(backend.instance, "good");
	assert.equal(
		backend.attempts.map(({ backend: name, failure }) => [name, failure]),
		[
			["bad", "backend_error"],
			["good", undefined],
		],
	);
	assert.equal(payload.vectors, VECTORS.vectors);
});

test("a wrong event in the middle of a stream ends the stream, and its source", async () => {
	let closed = false;
	const stream = async function* () {
		try {
			yield { type: "text", text: "a" };
			yield { type: "text", text: 5 };
		} finally {
			closed = true;
		}
	};
	await using host = await started([kindOf("wrong", "chat_completions", { stream })], { bad: { kind: "wrong", models: ["m"] } });
	const seen: string[] = [];
	const error = await failureOf(async () => {
		for await (const event of host.client().stream("chat_completions", CHAT)) seen.push(event.type);
	});
	assert.equal(seen, ["text"]);
	assert.match(error.message, /^backend 'bad' returned an invalid event of chat_completions: text: must be string/);
	assert.ok(closed);
});

test("a stream that cannot be iterated names the backend", async () => {
	await using host = await started([kindOf("wrong", "chat_completions", { stream: () => 5 })], { bad: { kind: "wrong", models: ["m"] } });
	const error = await failureOf(() => Array.fromAsync(host.client().stream("chat_completions", CHAT)));
	assert.match(error.message, /^backend 'bad' returned an invalid event of chat_completions/);
});

test("a frozen class instance keeps its methods and its state", async () => {
	class Adapter {
		readonly features = [];
		#calls = 0;
		async unary() {
			this.#calls += 1;
			return { ...VECTORS, dimensions: this.#calls };
		}
	}
	const adapter = Object.freeze(new Adapter());
	const kind = defineBackend({ name: "mine", create: () => ({ operations: Object.freeze({ embeddings: adapter }) }) });
	await using host = await started([kind], { mine: { kind: "mine", models: ["m"] } });
	const client = host.client();
	const counts = [];
	for (let i = 0; i < 2; i++) counts.push((await client.call("embeddings", { ...PAYLOAD, model: "m" })).payload.dimensions);
	assert.equal(counts, [1, 2]);
});

test("a failure of an adapter that repeats its upstream does not show the key of the call", async () => {
	const kind = kindOf("mine", "embeddings", {
		unary: async () => {
			throw new SpearError("backend_error", "the upstream said: my-secret-key is wrong");
		},
	});
	const backends = { mine: { kind: "mine", models: ["m"], api_key_env: "MY_KEY" } };
	await using host = await createHost({ kinds: [kind], env: { MY_KEY: "my-secret-key" }, config: { ...QUIET, backends } }).then(closing);
	const error = await failureOf(() => host.client().call("embeddings", { ...PAYLOAD, model: "m" }));
	assert.is(error.message, "the upstream said: [redacted] is wrong");
});

test("an adapter that throws a value without a text fails the call alone", async () => {
	const kind = kindOf("odd", "embeddings", { unary: () => Promise.reject(Object.create(null)) });
	await using host = await started([kind], { odd: { kind: "odd", models: ["m"] } });
	const error = await failureOf(() => host.client().call("embeddings", { ...PAYLOAD, model: "m" }));
	assert.is(error.code, "internal");
});

test("a refusal of an adapter keeps the caller's own words, also if they are the key of the call", async () => {
	const kind = kindOf("mine", "embeddings", {
		unary: async ({ payload }: { payload: { input: string[] } }) => {
			throw new SpearError("invalid_request", `input[0]: '${payload.input[0]}' is refused`);
		},
	});
	const backends = { mine: { kind: "mine", models: ["m"], api_key_env: "MY_KEY" } };
	await using host = await createHost({ kinds: [kind], env: { MY_KEY: "my-secret-key" }, config: { ...QUIET, backends } }).then(closing);
	const error = await failureOf(() => host.client().call("embeddings", { input: ["my-secret-key"], model: "m" }));
	assert.is(error.message, "input[0]: 'my-secret-key' is refused");
});

test("a key that cannot be removed well from texts is told at the start, by its variable", async () => {
	const warnings: string[] = [];
	const none = (): void => {};
	const logger = { trace: none, debug: none, info: none, error: none, warn: (_: object, message: string) => warnings.push(message) };
	const kind = kindOf("mine", "embeddings", { unary: async () => VECTORS });
	const backends = { mine: { kind: "mine", models: ["m"], api_key_env: ["SHORT_KEY", "WORD_KEY", "GOOD_KEY"] } };
	const env = { SHORT_KEY: "none", WORD_KEY: "password", GOOD_KEY: "sk-1234567890" };
	await using host = await createHost({ kinds: [kind], logger, env, config: { ...QUIET, backends } }).then(closing);
	assert.is(host.backends()[0]?.hasKey, true);
	assert.equal(
		warnings.map((warning) => warning.split(", ")[0]),
		["SHORT_KEY of backend mine: the key is shorter than 6 characters", "WORD_KEY of backend mine: the key may be an ordinary word"],
	);
});

test("two kinds of one name are refused", async () => {
	const error = await failureOf(() => createHost({ kinds: [kindOf("stub", "embeddings", { unary: async () => VECTORS })] }));
	assert.equal(
		[error.code, error.message],
		["invalid_request", "kinds[0]: there is another backend kind called 'stub'; give yours another name"],
	);
});

test("an embedder's value that is no kind is refused by its place", async () => {
	const kind = kindOf("mine", "embeddings", { unary: async () => VECTORS });
	for (const [kinds, message] of [
		[[kind, null], "kinds[1]: must be what defineBackend returns"],
		[[{ name: "mine" }], "kinds[0]: must be what defineBackend returns"],
		["mine", "kinds: must be a list of what defineBackend returns"],
		[
			[{ ...kind, name: "__proto__" }],
			"kinds[0]: '__proto__' cannot name a backend kind; use lower-case words joined by '-', at most 64 characters, such as 'my-backend'",
		],
	] as const) {
		const options: object = { kinds };
		const error = await failureOf(() => createHost(options));
		assert.equal([error.code, error.message], ["invalid_request", message]);
	}
});

async function started(
	kinds: readonly BackendKind[],
	backends: Record<string, { kind: string; models: string[]; priority?: number }>,
	attempts = 1,
) {
	const host = await createHost({ kinds, config: { ...QUIET, router: { max_attempts: attempts }, backends } });
	return closing(host);
}

function closing(host: Host) {
	return Object.assign(host, { [Symbol.asyncDispose]: () => host.close() });
}

test.run();
