import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Backend, OperationCapabilities } from "../../src/backends/backend.ts";
import { buildInstance, type InstanceSettings } from "../../src/router/build-instances.ts";
import type { Instance } from "../../src/router/instance.ts";
import { NO_OPERATIONS } from "../helpers/instances.ts";

const CHAT: OperationCapabilities = {
	features: ["supports_tools", "supports_vision"],
	transports: ["unary", "server_stream"],
	models: ["own-chat"],
};
const EMBEDDINGS: OperationCapabilities = { features: ["supports_dimensions"], transports: ["unary"] };

/** An instance of a backend that serves chat and embeddings. */
function build(settings: Partial<InstanceSettings> = {}): Instance {
	const refuse = (): never => {
		throw new Error("not called here");
	};
	const backend: Backend = {
		operations: { ...NO_OPERATIONS, chat_completions: { unary: refuse, stream: refuse }, embeddings: { unary: refuse } },
		capabilities: { chat_completions: CHAT, embeddings: EMBEDDINGS, text_to_speech: EMBEDDINGS },
		close: async () => {},
	};
	return buildInstance(backend, {
		name: "a",
		kind: "k",
		models: [],
		operations: undefined,
		features: undefined,
		transports: undefined,
		hasKey: () => true,
		...settings,
	});
}

test("an instance offers what its backend implements and declares, no more", () => {
	assert.equal([...build().operations.keys()], ["chat_completions", "embeddings"]);
	assert.equal([...(build().operations.get("chat_completions")?.features ?? [])], ["supports_tools", "supports_vision"]);
});

test("the configuration narrows operations and transports and replaces features", () => {
	const instance = build({ operations: ["chat_completions"], transports: ["unary"], features: ["supports_seed"] });
	assert.equal([...instance.operations.keys()], ["chat_completions"]);
	assert.equal([...(instance.operations.get("chat_completions")?.transports ?? [])], ["unary"]);
	assert.equal([...(instance.operations.get("chat_completions")?.features ?? [])], ["supports_seed"]);
});

test("a configured transport that the backend lacks is not offered", () => {
	assert.equal([...(build({ transports: ["server_stream"] }).operations.get("embeddings")?.transports ?? [])], []);
});

test("without configured models an operation has those of its kind, or takes any", () => {
	assert.equal(build().operations.get("chat_completions")?.models, ["own-chat"]);
	assert.equal(build().operations.get("embeddings")?.models, []);
});

test("a configured model serves its own operations, or all of them", () => {
	const models = [
		{ name: "e", operations: ["embeddings" as const] },
		{ name: "x", operations: undefined },
	];
	assert.equal(build({ models }).operations.get("chat_completions")?.models, ["x"]);
	assert.equal(build({ models }).operations.get("embeddings")?.models, ["e", "x"]);
});

test.run();
