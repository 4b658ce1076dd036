import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Backend, OperationCapabilities } from "../../../src/backends/backend.ts";
import { allPass } from "../../../src/backends/rule-groups.ts";
import { buildInstance, type InstanceSettings } from "../../../src/router/instances/build-instance.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { KeyPool } from "../../../src/router/instances/keys/key-pool.ts";
import { NO_OPERATIONS, newSignals } from "../../helpers/instances.ts";

const CHAT: OperationCapabilities<"chat_completions"> = {
	features: ["supports_tools", "supports_vision"],
	transports: ["unary", "server_stream"],
	models: ["own-chat"],
	rules: allPass("chat_completions"),
};
const EMBEDDINGS: OperationCapabilities<"embeddings"> = {
	features: ["supports_dimensions"],
	transports: ["unary"],
	rules: allPass("embeddings"),
};
const SPEECH: OperationCapabilities<"text_to_speech"> = { features: [], transports: ["unary"], rules: allPass("text_to_speech") };

/** An instance of a backend that serves chat and embeddings. */
function build(settings: Partial<InstanceSettings> = {}): Instance {
	const notCalled = (): never => {
		throw new Error("not called here");
	};
	const backend: Backend = {
		operations: { ...NO_OPERATIONS, chat_completions: { unary: notCalled, stream: notCalled }, embeddings: { unary: notCalled } },
		capabilities: { chat_completions: CHAT, embeddings: EMBEDDINGS, text_to_speech: SPEECH },
		close: async () => {},
	};
	return buildInstance(backend, {
		name: "a",
		kind: "k",
		models: [],
		operations: undefined,
		features: undefined,
		transports: undefined,
		weight: 1,
		priority: 0,
		region: undefined,
		limits: {},
		operationLimits: new Map(),
		price: undefined,
		keys: new KeyPool({ sources: [], policy: "round_robin", random: () => 0 }),
		stats: newSignals(),
		...settings,
	});
}

/** The capabilities for chats. */
const chat = (instance: Instance) => instance.operations.get("chat_completions");
const names = (models: readonly { readonly name: string }[] | undefined) => models?.map(({ name }) => name);

test("an instance offers what its backend both implements and declares", () => {
	assert.equal([...build().operations.keys()], ["chat_completions", "embeddings"]);
	assert.equal([...(chat(build())?.features ?? [])], ["supports_tools", "supports_vision"]);
});

test("an instance has fewer operations and transports and other features when configured so", () => {
	const instance = build({ operations: ["chat_completions"], transports: ["unary"], features: ["supports_seed"] });
	assert.equal([...instance.operations.keys()], ["chat_completions"]);
	assert.equal([...(chat(instance)?.transports ?? [])], ["unary"]);
	assert.equal([...(chat(instance)?.features ?? [])], ["supports_seed"]);
});

test("an instance does not offer a configured transport when the backend lacks it", () => {
	assert.equal([...(build({ transports: ["server_stream"] }).operations.get("embeddings")?.transports ?? [])], []);
});

test("an instance is closed for an operation that none of its configured models serves", () => {
	const instance = build({ models: [{ name: "mine", operations: ["chat_completions"] }] });
	assert.is(instance.operations.get("embeddings")?.isClosed, true);
	assert.is(chat(instance)?.isClosed, undefined);
	assert.is(build().operations.get("embeddings")?.isClosed, undefined);
});

test("an instance has the models of its kind, or accepts any, when none is configured", () => {
	assert.equal(chat(build())?.models, [{ name: "own-chat", aliases: [], limits: {}, price: undefined }]);
	assert.equal(build().operations.get("embeddings")?.models, []);
});

test("a configured model serves its own operations, or all when it names none", () => {
	const models = [
		{ name: "e", operations: ["embeddings" as const] },
		{ name: "x", operations: undefined },
	];
	assert.equal(names(chat(build({ models }))?.models), ["x"]);
	assert.equal(names(build({ models }).operations.get("embeddings")?.models), ["e", "x"]);
});

test("an instance has the configured weight, priority, region and concurrency", () => {
	const { weight, priority, region, concurrency } = build({ weight: 3, priority: 2, region: "eu", limits: { concurrency: 7 } });
	assert.equal({ weight, priority, region, concurrency }, { weight: 3, priority: 2, region: "eu", concurrency: 7 });
	assert.is(build().concurrency, Number.POSITIVE_INFINITY);
});

test("limits of an operation override the instance's and are counted separately", () => {
	const instance = build({
		limits: { context_tokens: 100, output_tokens: 10, concurrency: 7, requests_per_minute: 60, tokens_per_minute: 1_000 },
		operationLimits: new Map([["chat_completions" as const, { context_tokens: 50, concurrency: 2, tokens_per_minute: 500 }]]),
	});
	assert.equal(chat(instance)?.limits, { context_tokens: 50, output_tokens: 10 });
	assert.equal(chat(instance)?.rates, {
		concurrency: 2,
		requestsPerMinute: { amount: 60, ofOperation: false },
		tokensPerMinute: { amount: 500, ofOperation: true },
	});
	assert.is(instance.operations.get("embeddings")?.rates.concurrency, Number.POSITIVE_INFINITY);
});

test("a model keeps its own limits, price and aliases", () => {
	const price = { input: 1 };
	const models = [{ name: "big", aliases: ["large"], operations: undefined, limits: { context_tokens: 9 }, price: { input: 5 } }];
	assert.equal(chat(build({ models, price }))?.models, [
		{ name: "big", aliases: ["large"], limits: { context_tokens: 9 }, price: { input: 5 } },
	]);
	assert.is(chat(build({ models, price }))?.price, price);
});

test.run();
