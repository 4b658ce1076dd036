import { test } from "uvu";
import * as assert from "uvu/assert";
import { BackendConfigError, type InstanceConfig } from "../../../../src/backends/backend.ts";
import { ollama } from "../../../../src/backends/kinds/ollama/index.ts";
import { readOptions } from "../../../../src/backends/kinds/ollama/options.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { chatEnvelope, parts } from "../../chat-envelope.ts";
import { contextOf, NO_MEDIA } from "../../context.ts";
import { KEY, upstream, wholeAnswer } from "../../protocols/ollama/upstream.ts";

const configOf = (more: Partial<InstanceConfig> = {}): InstanceConfig => ({
	name: "up",
	kind: "ollama",
	models: [],
	options: {},
	...more,
});

function fault(more: Partial<InstanceConfig>): string {
	try {
		readOptions(configOf(more));
	} catch (error) {
		if (error instanceof BackendConfigError) return error.message;
	}
	throw new Error("it should have been refused");
}

test("an instance needs neither a URL nor options", () => {
	const { baseUrl, authHeader, keepAlive, numCtx, reasoning, sendReasoning, provider } = readOptions(configOf());
	assert.equal([baseUrl.href, authHeader], ["http://127.0.0.1:11434/", "authorization"]);
	assert.equal([keepAlive, numCtx, reasoning, sendReasoning, provider], [undefined, undefined, "boolean", true, "up"]);
});

test("a URL that ends with the path of an API leads to the same path", () => {
	for (const end of ["", "/", "/v1", "/api/"])
		assert.is(readOptions(configOf({ base_url: `http://gpu:11434${end}` })).baseUrl.href, "http://gpu:11434/");
	assert.is(readOptions(configOf({ base_url: "https://example.com/ollama/v1" })).baseUrl.href, "https://example.com/ollama/");
	assert.match(fault({ base_url: "http://gpu:11434/api/chat" }), /already ends in the path \/api\/chat, .* "http:\/\/gpu:11434"$/);
});

test("a key is sent if there is one, and none is needed", () =>
	upstream([answer.json(wholeAnswer({})), answer.json(wholeAnswer({}))], async ({ chat, server, context }) => {
		await chat.unary(chatEnvelope(), context);
		await chat.unary(chatEnvelope(), { ...context, apiKey: undefined });
		assert.equal(
			server.requests.map(({ path, headers }) => [path, headers.authorization]),
			[
				["/api/chat", `Bearer ${KEY}`],
				["/api/chat", undefined],
			],
		);
	}));

test("a duration that the server cannot read, and wrong values, are faults", () => {
	for (const keep_alive of ["5m", "1h30m", "-1s", "0", "1.5h"])
		assert.is(readOptions(configOf({ options: { keep_alive } })).keepAlive, keep_alive);
	for (const keep_alive of ["5", "-1", "5 m", "m", "1d"])
		assert.match(fault({ options: { keep_alive } }), /^backends\.up\.options\.keep_alive must be a duration such as "30s"/);
	assert.match(fault({ options: { num_ctx: 0 } }), /options\.num_ctx must be a whole number from 1 to 16777216$/);
	assert.match(fault({ options: { reasoning: "adaptive" } }), /options\.reasoning must be one of boolean, levels, not "adaptive"$/);
});

test("the host fetches an image, because the server does not", () =>
	upstream([answer.json(wholeAnswer({}))], async ({ chat, server }) => {
		const media = {
			...NO_MEDIA,
			open: () => Promise.resolve({ mimeType: "image/png", size: 1, bytes: async () => Uint8Array.of(1), stream: async function* () {} }),
		};
		const source = { type: "url", url: "https://example.com/a.png" } as const;
		await chat.unary(chatEnvelope({ messages: [parts("user", { type: "image", image: { source } })] }), contextOf({ media }));
		assert.equal((await server.request(0)).json(), {
			model: "qwen3",
			messages: [{ role: "user", content: "", images: ["AQ=="] }],
			stream: false,
		});
	}));

test("features that no model of the server has are not offered", () => {
	const features = ollama.create(configOf()).capabilities.chat_completions?.features ?? [];
	assert.equal(
		["supports_tools", "supports_vision", "supports_strict_tools", "supports_audio_input", "supports_file_input"].map((feature) =>
			features.some((offered) => offered === feature),
		),
		[true, true, false, false, false],
	);
});

test.run();
