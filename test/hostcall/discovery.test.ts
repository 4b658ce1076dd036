import { test } from "uvu";
import * as assert from "uvu/assert";
import { FEATURES, OPERATIONS } from "../../generated/ir/operations.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { createDiscovery } from "../../src/hostcall/discovery.ts";
import { type StubScopeOptions, stubScope } from "../helpers/stub-scope.ts";

const CHAT = "chat_completions";

function discovery(options: StubScopeOptions): ReturnType<typeof createDiscovery> {
	return createDiscovery(stubScope(options));
}

function model(
	name: string,
	isDefault: boolean,
	features: string[] = ["supports_json_mode", "supports_json_schema", "supports_seed", "supports_tools"],
): object {
	return { name, operation: CHAT, features, transports: ["unary", "server_stream"], limits: [], is_default: isDefault };
}

/** An instance of chat alone. */
function chat(...models: string[]) {
	return { operations: [CHAT], models: models.map((name) => ({ name, operations: undefined })) } as const;
}

test("every operation is listed with its family, and whether something could take a request now", () => {
	const { operations } = discovery({ instances: { a: chat("m") } });
	assert.equal(
		operations(),
		Object.entries(OPERATIONS).map(([name, { family }]) => ({ name, family, available: name === CHAT })),
	);
});

test("host policy and a missing key make an operation unavailable", () => {
	const available = (options: StubScopeOptions) =>
		discovery(options)
			.operations()
			.find(({ name }) => name === CHAT)?.available;
	assert.is(available({ instances: { a: chat("m") } }), true);
	assert.is(available({ instances: { a: { ...chat("m"), hasKey: false } } }), false);
	assert.is(available({ instances: { a: chat("m") }, routes: new Map([[CHAT, { deny: ["a"] }]]) }), false);
	assert.is(available({ instances: { a: chat("m") }, routes: new Map([[CHAT, { allow: [] }]]) }), false);
	assert.is(available({ instances: { a: { ...chat("m"), transports: [] } } }), false);
});

test("models are those of instances that may serve, each once, with what any of them offers", () => {
	const { models } = discovery({
		instances: {
			a: chat("small", "large"),
			b: { ...chat("large"), features: ["supports_vision", "supports_ssml"] },
			keyless: { ...chat("hidden"), hasKey: false },
			denied: chat("secret"),
		},
		routes: new Map([[CHAT, { deny: ["denied"] }]]),
	});
	assert.equal(models(CHAT), [
		model("small", true),
		model("large", true, ["supports_json_mode", "supports_json_schema", "supports_seed", "supports_tools", "supports_vision"]),
	]);
	assert.equal(models("embeddings"), []);
	assert.equal(models(undefined), models(CHAT));
});

test("a model that is no instance's first is nobody's default", () => {
	const { models } = discovery({ instances: { a: chat("first", "second") } });
	assert.equal(models(CHAT), [model("first", true), model("second", false)]);
});

test("an unknown operation is refused by name", () => {
	try {
		discovery({}).models("chat");
		assert.unreachable();
	} catch (thrown) {
		assert.instance(thrown, SpearError);
		assert.match(Object(thrown).message, /^operation: 'chat' is not known; there are speech_to_text, /);
	}
});

test("the features are all that the ABI knows", () => {
	assert.equal(discovery({}).features(), [...FEATURES]);
});

test.run();
