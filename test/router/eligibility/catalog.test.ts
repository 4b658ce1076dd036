import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CatalogEntry, catalogOf } from "../../../src/router/eligibility/catalog.ts";
import { voicesOf } from "../../../src/router/eligibility/voices.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { fakeInstance } from "../../helpers/instances.ts";

/** The catalog entry for chats of these instances. */
function chats(...instances: readonly Instance[]): CatalogEntry | undefined {
	return catalogOf((operation) => (operation === "chat_completions" ? instances : [])).find(
		({ operation }) => operation === "chat_completions",
	);
}

test("a catalog lists an operation as unavailable when no instance serves it", () => {
	const entries = catalogOf(() => []);
	assert.is(entries.length, 6);
	assert.ok(entries.every(({ available, models }) => !available && models.length === 0));
});

test("a catalog joins the features of all instances of a model", () => {
	const entry = chats(fakeInstance("a", { features: ["supports_tools"] }), fakeInstance("b", { features: ["supports_vision"] }));
	assert.equal([...(entry?.models[0]?.features ?? [])].sort(), ["supports_tools", "supports_vision"]);
});

test("a catalog lists no feature that the operation does not have", () => {
	const entry = chats(fakeInstance("a", { features: ["supports_tools", "supports_ssml"] }));
	assert.equal([...(entry?.models[0]?.features ?? [])], ["supports_tools"]);
});

test("a catalog lists the widest limits of a model, and none that an instance does not have", () => {
	const narrow = fakeInstance("a", { limits: { context_tokens: 10, output_tokens: 5 } });
	const wide = fakeInstance("b", { limits: { context_tokens: 20 } });
	assert.equal(chats(narrow, wide)?.models[0]?.limits, { context_tokens: 20 });
});

test("a catalog lists a model as a default when it is the default of one instance", () => {
	const entry = chats(fakeInstance("a", { models: ["x", "y"] }), fakeInstance("b", { models: ["z", "x"] }));
	const defaults = entry?.models.map(({ name, isDefault }) => ({ name, isDefault }));
	assert.equal(defaults, [
		{ name: "x", isDefault: true },
		{ name: "y", isDefault: false },
		{ name: "z", isDefault: true },
	]);
});

test("a catalog lists aliases as models", () => {
	const entry = chats(fakeInstance("a", { models: [{ name: "m", aliases: ["n"] }] }));
	assert.equal(
		entry?.models.map(({ name }) => name),
		["m", "n"],
	);
});

test("an instance that accepts any model adds those that its upstream lists for the operation, and none is a default", () => {
	const discovered = () => [
		{ name: "listed", aliases: ["l"], operations: ["chat_completions"], limits: { context_tokens: 64, output_tokens: 8 } } as const,
		{ name: "vectors", operations: ["embeddings"] } as const,
		{ name: "unknown" },
	];
	const entry = chats({ ...fakeInstance("a", { models: [], limits: { context_tokens: 32 } }), discovered });
	assert.equal(
		entry?.models.map(({ name, limits, isDefault }) => ({ name, limits, isDefault })),
		[
			{ name: "listed", limits: { context_tokens: 32, output_tokens: 8 }, isDefault: false },
			{ name: "l", limits: { context_tokens: 32, output_tokens: 8 }, isDefault: false },
			{ name: "unknown", limits: { context_tokens: 32 }, isDefault: false },
		],
	);
});

test("configured models stay as they are, with limits that only the upstream states", () => {
	const discovered = () => [{ name: "m", limits: { context_tokens: 64, output_tokens: 8 } }, { name: "not configured" }];
	const models = [{ name: "m", limits: { context_tokens: 16 } }, "other"];
	const entry = chats({ ...fakeInstance("a", { models }), discovered });
	assert.equal(
		entry?.models.map(({ name, limits, isDefault }) => ({ name, limits, isDefault })),
		[
			{ name: "m", limits: { context_tokens: 16, output_tokens: 8 }, isDefault: true },
			{ name: "other", limits: {}, isDefault: false },
		],
	);
});

test("voices are described as by the first instance that has them", () => {
	const speaking = (name: string, description: string): Instance => {
		const instance = fakeInstance(name, { operations: ["text_to_speech"] });
		const offer = instance.operations.get("text_to_speech");
		if (offer === undefined) throw new Error("no speech");
		const voices = [{ id: "v", name: description, languages: [] }];
		return { ...instance, operations: new Map([["text_to_speech", { ...offer, voices }]]) };
	};
	assert.equal(
		voicesOf([speaking("a", "first"), speaking("b", "second")]).map(({ name }) => name),
		["first"],
	);
});

test.run();
