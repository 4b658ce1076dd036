import { test } from "uvu";
import * as assert from "uvu/assert";
import { type BackendInstance, defineBackend } from "../../src/backends/define-backend.ts";
import { allPass } from "../../src/backends/rule-groups.ts";
import { drop, pass } from "../../src/backends/rules.ts";
import { DIRECT } from "../../src/transport/network.ts";

const CONFIG = { name: "mine", kind: "lengths", models: [], options: {} };

const EMBEDDINGS = {
	features: ["supports_dimensions"],
	models: ["length-1"],
	async unary() {
		return { model: "length-1", dimensions: 1, vectors: [] };
	},
} as const;

test("a defined backend serves the operations it names and no other", () => {
	const backend = defineBackend({ name: "lengths", create: () => ({ operations: { embeddings: EMBEDDINGS } }) }).create(CONFIG);
	const served = Object.entries(backend.operations).flatMap(([name, implementation]) => (implementation === undefined ? [] : [name]));
	assert.equal(served, ["embeddings"]);
	assert.equal(backend.capabilities, {
		embeddings: { features: ["supports_dimensions"], transports: ["unary"], models: ["length-1"], rules: allPass("embeddings") },
	});
});

test("the rules of a defined backend are its own, and every field passes without any", () => {
	const rules = { ...allPass("embeddings"), input_type: drop("one kind of text") };
	const { capabilities } = defineBackend({
		name: "s",
		create: () => ({ operations: { embeddings: { ...EMBEDDINGS, rules } } }),
	}).create(CONFIG);
	assert.equal(capabilities.embeddings?.rules, rules);
	assert.equal(Object.values(allPass("embeddings")), [pass, pass, pass, pass]);
});

test("the transports of an operation follow from its functions", () => {
	const stream = async function* () {};
	const backend = defineBackend({ name: "s", create: () => ({ operations: { chat_completions: { features: [], stream } } }) }).create(
		CONFIG,
	);
	assert.equal(backend.capabilities.chat_completions?.transports, ["server_stream"]);
});

test("a defined backend without close can be closed", async () => {
	await defineBackend({ name: "s", create: () => ({ operations: {} }) })
		.create(CONFIG)
		.close();
});

test("a name that no configuration could use is refused", () => {
	for (const name of ["", "Mine", "my backend", "-mine", "mine-"]) {
		assert.throws(() => defineBackend({ name, create: () => ({ operations: {} }) }), /cannot name a backend kind; use lower-case words/);
	}
});

test("an instance of another shape is refused, also a promise that fails later", () => {
	const create = (instance: unknown) => () => defineBackend({ name: "s", create: () => instance as BackendInstance }).create(CONFIG);
	for (const instance of [undefined, null, 5, {}, { operations: null }])
		assert.throws(create(instance), /backend kind 's': create returned no object with the member operations/);
	assert.throws(create(Promise.reject(new Error("late"))), /backend kind 's': create returned a promise; return the instance itself/);
});

test("an operation that is unknown or implements nothing is refused, with what to do", () => {
	const create = (operations: object) => () =>
		defineBackend({ name: "s", create: () => ({ operations }) as BackendInstance }).create(CONFIG);
	assert.throws(create({ chat: {} }), /backend kind 's': there is no operation 'chat'; there are speech_to_text, chat_completions/);
	assert.throws(create({ embeddings: { features: [] } }), /embeddings implements nothing; give it 'unary', 'stream' or 'connect'/);
});

test("a backend kind receives the network of the host", () => {
	const seen: unknown[] = [];
	const kind = defineBackend({
		name: "n",
		create(_, network) {
			seen.push(network);
			return { operations: { embeddings: EMBEDDINGS } };
		},
	});
	kind.create(CONFIG, DIRECT);
	assert.equal(seen, [DIRECT]);
});

test("a backend that lists models or probes its upstream keeps these functions, and others have none", async () => {
	class Instance {
		readonly operations = { embeddings: EMBEDDINGS };
		readonly #name = "m";
		listModels = async () => [{ name: this.#name }];
		async probe() {
			if (this.#name !== "m") throw new Error("the function lost its instance");
		}
	}
	const context = { signal: new AbortController().signal, apiKey: undefined };
	const backend = defineBackend({ name: "l", create: () => new Instance() }).create(CONFIG);
	assert.equal(await backend.listModels?.(context), [{ name: "m" }]);
	await backend.probe?.(context);
	const without = defineBackend({ name: "w", create: () => ({ operations: { embeddings: EMBEDDINGS } }) }).create(CONFIG);
	assert.equal([without.listModels, without.probe], [undefined, undefined]);
});

test.run();
