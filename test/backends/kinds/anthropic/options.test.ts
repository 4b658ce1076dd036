import { test } from "uvu";
import * as assert from "uvu/assert";
import { BackendConfigError, type InstanceConfig } from "../../../../src/backends/backend.ts";
import { anthropic } from "../../../../src/backends/kinds/anthropic/index.ts";
import { readOptions } from "../../../../src/backends/kinds/anthropic/options.ts";
import { ruleSentences } from "../../../../src/backends/rule-sentences.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { chatEnvelope } from "../../chat-envelope.ts";
import { KEY, upstream, wholeMessage } from "../../protocols/anthropic/upstream.ts";

const configOf = (more: Partial<InstanceConfig> = {}): InstanceConfig => ({
	name: "up",
	kind: "anthropic",
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
	const { baseUrl, version, authHeader, chat } = readOptions(configOf());
	assert.equal([baseUrl.href, version, authHeader], ["https://api.anthropic.com/", "2026-10-21", "authorization"]);
	assert.equal(chat, {
		defaultMaxTokens: 16_000,
		reasoning: "adaptive",
		thinkingDisplay: undefined,
		promptCache: undefined,
		emulations: { tools: "native", jsonSchema: "native", systemRole: "native" },
		inlineSystem: false,
		userId: undefined,
		provider: "up",
		sendOpaque: true,
	});
});

test("each version has its header for the key, and every request names the version", async () => {
	const versions = [
		[{}, "2026-10-21", { authorization: `Bearer ${KEY}`, "x-api-key": undefined }],
		[{ anthropic_version: "2026-10-21" }, "2026-10-21", { authorization: `Bearer ${KEY}`, "x-api-key": undefined }],
		[{ anthropic_version: "2023-06-01" }, "2023-06-01", { authorization: undefined, "x-api-key": KEY }],
		[
			{ anthropic_version: "2023-06-01", auth_header: "authorization" },
			"2023-06-01",
			{ authorization: `Bearer ${KEY}`, "x-api-key": undefined },
		],
	] as const;
	for (const [options, version, expected] of versions) {
		await upstream(
			[answer.json(wholeMessage([]))],
			async ({ chat, server, context }) => {
				await chat.unary(chatEnvelope(), context);
				const { headers } = await server.request(0);
				assert.is(headers["anthropic-version"], version);
				assert.equal({ authorization: headers.authorization, "x-api-key": headers["x-api-key"] }, expected);
			},
			{ options },
		);
	}
});

test("a URL with and without /v1 leads to the same path", () =>
	upstream([answer.json(wholeMessage([])), answer.json(wholeMessage([]))], async ({ chat, server, context }) => {
		await chat.unary(chatEnvelope(), context);
		const bare = anthropic.create(configOf({ base_url: server.baseUrl.replace("/v1", ""), models: ["claude"] }));
		await bare.operations.chat_completions?.unary(chatEnvelope(), context);
		await bare.close();
		assert.equal(
			server.requests.map(({ path }) => path),
			["/v1/messages", "/v1/messages"],
		);
	}));

test("an unknown version, and what the host sets itself, are faults", () => {
	assert.is(
		fault({ options: { anthropic_version: "2027-01-01" } }),
		'backends.up.options.anthropic_version must be one of 2026-10-21, 2023-06-01, not "2027-01-01"',
	);
	assert.is(
		fault({ headers: { "Anthropic-Version": "2023-06-01" } }),
		"backends.up.headers.Anthropic-Version is set by the host; use the option anthropic_version",
	);
	assert.is(
		fault({ options: { anthropic_version: "2023-06-01" }, headers: { "x-api-key": "k" } }),
		"backends.up.headers.x-api-key is set by the host; leave it out",
	);
	assert.match(
		fault({ base_url: "https://api.anthropic.com/v1/messages" }),
		/already ends in the path \/messages, .* "https:\/\/api\.anthropic\.com\/v1"$/,
	);
	assert.match(fault({ options: { max_tokens: 5 } }), /^backends\.up\.options\.max_tokens is not an option; the options are /);
});

test("the dropped sampling of a version is a declared downgrade", () => {
	const downgrades = (options: InstanceConfig["options"]) =>
		ruleSentences(anthropic.create(configOf({ options })).capabilities.chat_completions?.rules ?? {}, ["emulate", "drop"]);
	assert.ok(
		downgrades({}).includes(
			"params.temperature and params.top_p are dropped: the version 2026-10-21 of the API has no sampling parameters",
		),
	);
	assert.ok(
		downgrades({ anthropic_version: "2023-06-01" }).includes("params.temperature above 1 is emulated: sent as 1, the API's maximum"),
	);
});

test.run();
