/**
 * The kind with a real model of 135 million parameters. `npm run fetch:test-model` installs the model; without it, these tests are skipped.
 * The temperature 0 makes the answers repeatable. The model is too small to call tools of its own accord, so the requests demand the calls.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChatCompletionsBackend } from "../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { installedModel } from "../../../../scripts/testing/test-model.ts";
import type { Backend, BackendKind } from "../../../../src/backends/backend.ts";
import { llamaCppKind } from "../../../../src/backends/kinds/llama-cpp/index.ts";
import {
	type Chat,
	type GeneratedResponse,
	type GenerateOptions,
	type HistoryItem,
	isLibrary,
	type Library,
	type ResponseChunk,
} from "../../../../src/backends/protocols/llama-cpp/library.ts";
import { createHost } from "../../../../src/host/create-host.ts";
import { scratch } from "../../../helpers/guest.ts";
import { probe, probeComponent } from "../../../helpers/probe-host.ts";
import { chatEnvelope, collect, say } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";
import { envelopeOf } from "../../envelope.ts";
import { failureOf } from "../../protocols/llama-cpp/instance.ts";

const MODEL = await installedModel();
const check = MODEL === undefined ? test.skip : test;
if (MODEL === undefined) console.log("SKIP real model: it is not installed; `npm run fetch:test-model` installs it");

/** Chunks of all answers so far. */
let chunks = 0;

/** Returns the engine, whose answers count their chunks. */
async function engine(): Promise<Library> {
	const module: unknown = await import(MODEL?.engine ?? "");
	if (!isLibrary(module)) throw new Error("the engine is another version");
	const { LlamaChat } = module;
	class CountingChat implements Chat {
		readonly #chat: Chat;
		constructor(options: ConstructorParameters<Library["LlamaChat"]>[0]) {
			this.#chat = new LlamaChat(options);
		}
		generateResponse(history: HistoryItem[], options: GenerateOptions): Promise<GeneratedResponse> {
			const onResponseChunk = (chunk: ResponseChunk): void => {
				chunks += 1;
				options.onResponseChunk(chunk);
			};
			return this.#chat.generateResponse(history, { ...options, onResponseChunk });
		}
		dispose(options: { readonly disposeSequence: boolean }): void {
			this.#chat.dispose(options);
		}
	}
	return { getLlama: module.getLlama, resolveChatWrapper: module.resolveChatWrapper, LlamaChat: CountingChat };
}

const kind: BackendKind = llamaCppKind({ isInstalled: () => true, import: engine });
const OPTIONS = { model_paths: { smollm2: MODEL?.weights ?? "none" }, gpu: "none", threads: 1, context_size: 512 };

let instance: Backend | undefined;

/** Returns the instance that the tests share. */
function backend(): Backend {
	instance ??= kind.create({ name: "local", kind: "llama-cpp", models: [], options: OPTIONS });
	return instance;
}

test.after(() => instance?.close());

function chat(): ChatCompletionsBackend {
	const { chat_completions } = backend().operations;
	if (chat_completions === undefined) throw new Error("the instance has no chat");
	return chat_completions;
}

const GREEDY: cchat.Params = { temperature: 0, max_output_tokens: 24, stop: [] };

const ask = (text: string, more: Partial<cchat.Request> = {}): Promise<cchat.Response> =>
	chat().unary(chatEnvelope({ messages: [say("user", text)], params: GREEDY, ...more }), contextOf());

const WEATHER: cchat.Tool = {
	name: "weather",
	description: "Returns the current weather of a city.",
	parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

check("a question is answered", async () => {
	const { message, finish_reason, usage } = await ask("What is the capital of France?");
	assert.equal(message, { role: "assistant", content: [{ type: "text", text: "The capital of France is Paris." }], tool_calls: [] });
	assert.is(finish_reason, "stop");
	assert.equal(usage, { input_tokens: 17, output_tokens: 8, total_tokens: 25 });
});

check("a stream has the text of the whole answer, token by token", async () => {
	const envelope = chatEnvelope({ messages: [say("user", "What is the capital of France?")], params: GREEDY });
	const events = await collect(chat().stream(envelope, contextOf()));
	const texts = events.flatMap((event) => (event.type === "text" ? [event.text] : []));
	assert.equal(texts, ["The", " capital", " of", " France", " is", " Paris", "."]);
	assert.equal(events.at(-1), { type: "completed", completed: await chat().unary(envelope, contextOf()) });
});

check("a limit and a stop sequence end an answer", async () => {
	const limited = await ask("What is the capital of France?", { params: { ...GREEDY, max_output_tokens: 3 } });
	assert.is(limited.finish_reason, "length");
	assert.equal(limited.message.content, [{ type: "text", text: "The capital of" }]);
	const stopped = await ask("What is the capital of France?", { params: { ...GREEDY, stop: [" is"] } });
	assert.is(stopped.finish_reason, "stop");
	assert.equal(stopped.message.content, [{ type: "text", text: "The capital of France" }]);
});

check("equal seeds have equal answers, other seeds have others", async () => {
	const told = async (seed: number): Promise<unknown> =>
		(await ask("Tell a story.", { params: { ...GREEDY, max_output_tokens: 12, temperature: 1, seed } })).message.content;
	const first = await told(1);
	assert.equal(await told(1), first);
	assert.is.not(JSON.stringify(await told(2)), JSON.stringify(first));
});

check("a demanded tool is called, and its result is part of the next prompt", async () => {
	const question = say("user", "What is the weather in Paris?");
	const envelope = chatEnvelope({ messages: [question], tools: [WEATHER], tool_choice: { type: "required" }, params: GREEDY });
	const events = await collect(chat().stream(envelope, contextOf()));
	const last = events.at(-1);
	if (last?.type !== "completed") throw new Error("the stream is not complete");
	const { message, finish_reason } = last.completed;
	assert.is(finish_reason, "tool_calls");
	const [call] = message.tool_calls;
	if (call === undefined) throw new Error("the model called no tool");
	assert.is(call.name, "weather");
	assert.equal(JSON.parse(call.arguments), { city: "Paris" });
	const streamed = events.map((event) => (event.type === "tool_call" ? event.tool_call.arguments : "")).join("");
	assert.is(streamed, call.arguments);
	const messages = [question, message, say("tool", "18 degrees", { tool_call_id: call.id })];
	const answer = await chat().unary(chatEnvelope({ messages, tools: [WEATHER], params: GREEDY }), contextOf());
	assert.is(answer.message.tool_calls.length, 0);
	assert.ok((answer.usage?.input_tokens ?? 0) > (last.completed.usage?.input_tokens ?? 0));
});

check("a schema is filled", async () => {
	const schema = {
		type: "object",
		properties: { city: { enum: ["Paris", "Rome"] }, people: { type: "integer" }, old: { type: "boolean" } },
	};
	const response_format: cchat.ResponseFormat = { type: "json_schema", json_schema: { name: "city", schema } };
	const { message } = await ask("Paris has 2 people and is old.", { response_format, params: { ...GREEDY, max_output_tokens: 120 } });
	const [part] = message.content;
	const value = JSON.parse(part?.type === "text" ? part.text : "");
	assert.equal(Object.keys(value), ["city", "people", "old"]);
	assert.is(value.city, "Paris");
	assert.ok(Number.isInteger(value.people));
	assert.is(typeof value.old, "boolean");
});

check("related texts have more similar vectors than others", async () => {
	const input = ["a cat sat", "a kitten sat", "the stock market fell"];
	const answer = await backend().operations.embeddings?.unary(envelopeOf("embeddings", { input }), contextOf());
	if (answer === undefined) throw new Error("the instance has no embeddings");
	assert.is(answer.dimensions, 576);
	const [cat, kitten, market] = answer.vectors;
	if (cat === undefined || kitten === undefined || market === undefined) throw new Error("a vector is missing");
	const similarity = (other: Float32Array): number => cat.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
	assert.ok(Math.abs(similarity(cat) - 1) < 1e-5);
	assert.ok(similarity(kitten) > similarity(market) + 0.1);
});

check("an answer that is aborted in the middle stops, and the model answers the next request", async () => {
	chunks = 0;
	const abort = new AbortController();
	let texts = 0;
	const failure = await failureOf(
		(async () => {
			const params: cchat.Params = { temperature: 0, stop: [] };
			const envelope = chatEnvelope({ messages: [say("user", "Tell a very long story.")], params });
			for await (const event of chat().stream(envelope, contextOf({ signal: abort.signal }))) {
				if (event.type === "text" && ++texts === 5) abort.abort();
			}
		})(),
	);
	assert.match(String(failure), "SpearError [cancelled]");
	assert.is(texts, 5);
	const { message } = await ask("What is the capital of France?");
	assert.equal(message.content, [{ type: "text", text: "The capital of France is Paris." }]);
	assert.ok(chunks - 7 <= 6, `${chunks - 7} chunks of the aborted answer`);
});

check("control tokens in the text of a request are text", async () => {
	const sizeOf = async (envelope: Partial<cchat.Request>): Promise<number> =>
		(await chat().unary(chatEnvelope({ params: { ...GREEDY, max_output_tokens: 1 }, ...envelope }), contextOf())).usage?.input_tokens ?? 0;
	/** Tokens that the end of a message adds where it is text. Its control token would add one. */
	const added = async (request: (text: string) => Partial<cchat.Request>): Promise<number> =>
		(await sizeOf(request("a<|im_end|>b"))) - (await sizeOf(request("a b")));
	const call = (text: string): cchat.Message =>
		say("assistant", text, { tool_calls: [{ id: "1", name: "weather", arguments: JSON.stringify({ text }) }] });
	assert.ok((await added((text) => ({ messages: [say("user", text)] }))) >= 5, "user");
	assert.ok((await added((text) => ({ messages: [say("system", text), say("user", "Hi")] }))) >= 5, "system");
	const tools = (text: string) => [
		{ ...WEATHER, description: text, parameters: { type: "object", properties: { [text]: { type: "null", description: text } } } },
	];
	assert.ok((await added((text) => ({ tools: tools(text) }))) >= 15, "tools");
	const messages = (text: string) => [say("user", "Hi"), call(text), say("tool", text, { tool_call_id: "1" })];
	assert.ok((await added((text) => ({ messages: messages(text) }))) >= 15, "calls and results");
});

check("an answer that fills the context ends with its length, and a longer conversation is refused", async () => {
	const small = kind.create({ name: "small", kind: "llama-cpp", models: [], options: { ...OPTIONS, context_size: 256 } });
	try {
		const { chat_completions } = small.operations;
		if (chat_completions === undefined) throw new Error("the instance has no chat");
		const send = (text: string, response_format?: cchat.ResponseFormat): Promise<cchat.Response> => {
			const format = response_format === undefined ? {} : { response_format };
			return chat_completions.unary(
				chatEnvelope({ messages: [say("user", text)], params: { temperature: 0, stop: [] }, ...format }),
				contextOf(),
			);
		};
		const schema = { type: "array", items: { type: "integer" }, minItems: 400 };
		const full = await send("Count.", { type: "json_schema", json_schema: { name: "numbers", schema } });
		assert.is(full.finish_reason, "length");
		assert.ok((full.usage?.total_tokens ?? 0) >= 250);
		assert.match(
			String(await failureOf(send("word ".repeat(300)))),
			"[invalid_request]: messages: the context of the model holds 256 tokens",
		);
		assert.is((await send("What is the capital of France?")).finish_reason, "stop");
	} finally {
		await small.close();
	}
	assert.is((await ask("What is the capital of France?")).finish_reason, "stop", "the other instance goes on");
});

check("a session's next turn evaluates only what is new", async () => {
	const turn = async (...messages: cchat.Message[]): Promise<cchat.Response> => {
		const envelope = chatEnvelope({ messages, params: GREEDY });
		const session_key = "conversation 3f0e6c1a-2b4d-4c5e-8f60-718293a4b5c6";
		return chat().unary({ ...envelope, routing: { ...envelope.routing, session_key } }, contextOf());
	};
	const question = say("user", "What is the capital of France?");
	const first = await turn(question);
	assert.is(first.usage?.cached_input_tokens, undefined);
	const second = await turn(question, first.message, say("user", "And of Italy?"));
	assert.ok((second.usage?.cached_input_tokens ?? 0) >= 17);
});

check("a guest streams from the model, and fills a schema, through every layer", async () => {
	const host = await createHost({
		kinds: [{ ...kind, name: "local-model" }],
		config: { host: { log_level: "silent", cache_dir: scratch() }, backends: { local: { kind: "local-model", options: OPTIONS } } },
	});
	try {
		const instance = await (await host.load(await probeComponent())).instantiate();
		const messages = [{ role: "user", content: [{ tag: "text", val: "What is the capital of France?" }] }];
		const params = { temperature: 0, maxOutputTokens: 60, stop: [] };
		const schema = JSON.stringify({ type: "object", properties: { city: { type: "string", maxLength: 12 } } });
		const responseFormat = { tag: "json-schema", val: { name: "place", schema } };
		const [streamed, filled] = await probe(
			instance,
			{ do: "stream", request: { messages, params } },
			{ do: "complete", request: { messages, params, responseFormat } },
		);
		assert.match(JSON.stringify(streamed), '{"tag":"text","val":" Paris"}');
		assert.match(JSON.stringify(filled), '\\"city\\": \\"Paris\\"');
		await instance.close();
	} finally {
		await host.close();
	}
});

test.run();
