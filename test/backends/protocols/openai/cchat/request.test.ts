import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { chatRequest } from "../../../../../src/backends/protocols/openai/cchat/request.ts";
import { readOptions } from "../../../../../src/backends/protocols/openai/options.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { chatEnvelope, parts, say } from "../../../chat-envelope.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

function request(
	payload: Partial<cchat.Request>,
	options: JsonObject = {},
	extra: JsonObject = {},
	models: InstanceConfig["models"] = ["small"],
): object {
	const config = { name: "up", kind: "openai-compatible", base_url: "http://127.0.0.1/v1", models, options };
	// Through JSON, as it is sent.
	return JSON.parse(JSON.stringify(chatRequest(chatEnvelope(payload, extra), config, readOptions(config))));
}

function refusal(...args: Parameters<typeof request>): string {
	try {
		request(...args);
	} catch (error) {
		const { code, message } = SpearError.from(error);
		return `${code}: ${message}`;
	}
	throw new Error("it should have been refused");
}

const messages = (...list: cchat.Message[]): unknown => Reflect.get(request({ messages: list }), "messages");

test("a call by a name that no tool can have is written with _", () => {
	const call = { id: "c", name: "browser.open", arguments: "{}" };
	const messages = [
		say("user", "Q"),
		say("assistant", "", { content: [], tool_calls: [call] }),
		say("tool", "none", { tool_call_id: "c" }),
	];
	const { messages: sent }: { messages?: readonly unknown[] } = request({ messages });
	assert.equal(sent?.[1], {
		role: "assistant",
		content: null,
		tool_calls: [{ id: "c", type: "function", function: { name: "browser_open", arguments: "{}" } }],
	});
});

test("a question becomes a request with only model and messages", () => {
	assert.equal(request({}), { model: "small", messages: [{ role: "user", content: "Hi" }] });
});

test("each chat parameter becomes a member of the request", () => {
	const params: cchat.Params = {
		temperature: 0.5,
		top_p: 0.9,
		max_output_tokens: 64,
		stop: ["\n\n", "END"],
		seed: 7,
		presence_penalty: -1,
		frequency_penalty: 1.5,
		reasoning_effort: "low",
		parallel_tool_calls: false,
	};
	const tools: cchat.Tool[] = [{ name: "f", parameters: {} }];
	assert.equal(request({ params, tools }), {
		model: "small",
		messages: [{ role: "user", content: "Hi" }],
		tools: [{ type: "function", function: { name: "f", parameters: {} } }],
		temperature: 0.5,
		top_p: 0.9,
		max_completion_tokens: 64,
		stop: ["\n\n", "END"],
		seed: 7,
		presence_penalty: -1,
		frequency_penalty: 1.5,
		reasoning_effort: "low",
		parallel_tool_calls: false,
	});
	assert.equal(request({ params: { max_output_tokens: 64, stop: [] } }, { max_tokens_field: "max_tokens" }), {
		model: "small",
		messages: [{ role: "user", content: "Hi" }],
		max_tokens: 64,
	});
});

test("parallel_tool_calls is left out without tools, without a wish, and if the option is off", () => {
	const tools: cchat.Tool[] = [{ name: "f", parameters: {} }];
	const sent = (payload: Partial<cchat.Request>, options: JsonObject = {}): unknown =>
		Reflect.get(request(payload, options), "parallel_tool_calls");
	for (const parallel_tool_calls of [true, false]) {
		const params = { stop: [], parallel_tool_calls };
		assert.is(sent({ tools, params }), parallel_tool_calls);
		assert.is(sent({ params }), undefined);
		assert.is(sent({ tools, params }, { send_parallel_tool_calls: false }), undefined);
	}
	assert.is(sent({ tools, params: { stop: [] } }), undefined);
});

test("a number that JSON cannot hold is refused by name", () => {
	assert.is(
		refusal({ params: { temperature: Number.NaN, stop: [] } }),
		"invalid_request: params.temperature: NaN is not a number that JSON can hold",
	);
});

test("tools, tool choice and response format are translated", () => {
	const parameters = { type: "object", properties: { city: { type: "string" } } };
	const tools: cchat.Tool[] = [
		{ name: "weather", description: "Looks outside.", parameters, strict: true },
		{ name: "time", parameters: {} },
	];
	assert.equal(request({ tools, tool_choice: { type: "named", named: "time" }, response_format: { type: "json_object" } }), {
		model: "small",
		messages: [{ role: "user", content: "Hi" }],
		tools: [
			{ type: "function", function: { name: "weather", description: "Looks outside.", parameters, strict: true } },
			{ type: "function", function: { name: "time", parameters: {} } },
		],
		tool_choice: { type: "function", function: { name: "time" } },
		response_format: { type: "json_object" },
	});
	for (const type of ["auto", "none", "required"] as const)
		assert.is(Reflect.get(request({ tools, tool_choice: { type } }), "tool_choice"), type);
	assert.equal(Reflect.get(request({ response_format: { type: "text" } }), "response_format"), { type: "text" });
	assert.equal(
		Reflect.get(
			request({ response_format: { type: "json_schema", json_schema: { name: "city", schema: parameters, strict: true } } }),
			"response_format",
		),
		{
			type: "json_schema",
			json_schema: { name: "city", schema: parameters, strict: true },
		},
	);
});

test("instructions, names, tool calls and tool results keep their order", () => {
	const conversation = [
		say("system", "Be brief."),
		say("user", "Weather in Oslo?", { name: "kari" }),
		{ role: "assistant" as const, content: [], tool_calls: [{ id: "call_1", name: "weather", arguments: '{"city": "Oslo"}' }] },
		say("tool", "no such city", { tool_call_id: "call_1", is_error: true }),
		say("assistant", "I do not know.", { name: "bot" }),
	];
	assert.equal(messages(...conversation), [
		{ role: "system", content: "Be brief." },
		{ role: "user", content: "Weather in Oslo?", name: "kari" },
		{
			role: "assistant",
			content: null,
			tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city": "Oslo"}' } }],
		},
		{ role: "tool", content: "no such city", tool_call_id: "call_1" },
		{ role: "assistant", content: "I do not know.", name: "bot" },
	]);
	assert.equal(Reflect.get(request({ messages: conversation.slice(0, 1) }, { developer_role: true }), "messages"), [
		{ role: "developer", content: "Be brief." },
	]);
});

test("several texts of a message stay separate parts", () => {
	const two = [{ type: "text", text: "a" } as const, { type: "text", text: "b" } as const];
	assert.equal(messages(parts("system", ...two), parts("user", ...two), parts("assistant", ...two)), [
		{ role: "system", content: two },
		{ role: "user", content: two },
		{ role: "assistant", content: two },
	]);
});

test("images, audio and files are sent inline", () => {
	const inline = (mime_type: string) => ({ type: "inline" as const, inline: { data: PNG, mime_type } });
	assert.equal(
		messages(
			parts(
				"user",
				{ type: "text", text: "Look:" },
				{ type: "image", image: { source: inline("image/png"), detail: "high" } },
				{ type: "image", image: { source: { type: "url", url: "https://pictures.example/cat.jpg" } } },
				{ type: "audio", audio: { source: inline("audio/mpeg") } },
				{ type: "audio", audio: { source: inline("audio/x-wav") } },
				{ type: "audio", audio: { source: inline("application/octet-stream"), format: "wav" } },
				{ type: "file", file: { source: inline("application/pdf"), filename: "report.pdf" } },
				{ type: "file", file: { source: inline("text/plain") } },
			),
		),
		[
			{
				role: "user",
				content: [
					{ type: "text", text: "Look:" },
					{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw==", detail: "high" } },
					{ type: "image_url", image_url: { url: "https://pictures.example/cat.jpg" } },
					{ type: "input_audio", input_audio: { data: "iVBORw==", format: "mp3" } },
					{ type: "input_audio", input_audio: { data: "iVBORw==", format: "wav" } },
					{ type: "input_audio", input_audio: { data: "iVBORw==", format: "wav" } },
					{ type: "file", file: { filename: "report.pdf", file_data: "data:application/pdf;base64,iVBORw==" } },
					{ type: "file", file: { file_data: "data:text/plain;base64,iVBORw==" } },
				],
			},
		],
	);
});

test("only the viewed part of a larger buffer is sent", () => {
	const whole = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
	const image = {
		type: "image" as const,
		image: { source: { type: "inline" as const, inline: { data: whole.subarray(2, 5), mime_type: "image/png" } } },
	};
	assert.equal(messages(parts("user", image)), [
		{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AwQF" } }] },
	]);
});

test("an assistant's refusal is sent again; reasoning and annotations are dropped as declared", () => {
	const said = parts(
		"assistant",
		{ type: "reasoning", reasoning: { text: "Hmm." } },
		{ type: "text", text: "See there." },
		{ type: "annotation", annotation: { url: "https://a.example", start_index: 0, end_index: 3 } },
		{ type: "refusal", refusal: "No more." },
	);
	assert.equal(messages(said), [{ role: "assistant", content: "See there.", refusal: "No more." }]);
	assert.equal(Reflect.get(request({ messages: [said] }, { send_reasoning: true }), "messages"), [
		{ role: "assistant", content: "See there.", refusal: "No more.", reasoning_content: "Hmm." },
	]);
});

test("parts that the upstream has no form for are refused by name", () => {
	const image = { type: "image", image: { source: { type: "stored", stored: "sms+file://1" } } } as const;
	const octets = { type: "inline", inline: { data: PNG, mime_type: "application/octet-stream" } } as const;
	const call = { id: "c", name: "t", arguments: "{}" };
	const cases: [cchat.Message[], string][] = [
		[[], "invalid_request: messages: the conversation is empty; write a message first"],
		[[parts("user")], "invalid_request: messages[0].content: it is empty"],
		[[parts("system")], "invalid_request: messages[0].content: it is empty"],
		[
			[parts("user", { type: "image", image: { source: octets } })],
			'invalid_request: messages[0].content[0].image.source: its media type is "application/octet-stream", which is not the type of an image',
		],
		[
			[parts("user", { type: "audio", audio: { source: octets } })],
			"invalid_request: messages[0].content[0].audio.format: it cannot be derived from application/octet-stream; name it, e.g. wav or mp3",
		],
		[
			[parts("user", { type: "file", file: { source: { type: "inline", inline: { data: PNG, mime_type: "text,x/b" } } } })],
			'invalid_request: messages[0].content[0].file.source: "text,x/b" is not a media type such as image/png',
		],
		[
			[parts("user", { type: "refusal", refusal: "no" })],
			"invalid_request: messages[0].content[0]: a user message cannot have a part of type refusal",
		],
		[[parts("system", image)], "invalid_request: messages[0].content[0]: this backend accepts only text in a system message, not image"],
		[[parts("assistant", image)], "invalid_request: messages[0].content[0]: an assistant message cannot have a part of type image"],
		[
			[parts("assistant", { type: "opaque", opaque: { provider: "other", kind: "state", data: PNG } })],
			"missing_capabilities: messages: they hold nothing that this backend can receive, such as only reasoning",
		],
		[
			[parts("assistant", { type: "refusal", refusal: "a" }, { type: "refusal", refusal: "b" })],
			"invalid_request: messages[0].content: this backend accepts one refusal per message",
		],
		[[say("user", "Hi", { tool_calls: [call] })], "invalid_request: messages[0].tool_calls: a user message cannot have it"],
		[[say("user", "Hi", { tool_call_id: "c" })], "invalid_request: messages[0].tool_call_id: a user message cannot have it"],
		[[say("user", "Hi", { is_error: false })], "invalid_request: messages[0].is_error: a user message cannot have it"],
		[[say("tool", "Hi")], "invalid_request: messages[0].tool_call_id: a tool message must name the tool call that it answers"],
		[
			[say("tool", "Hi", { tool_call_id: "c", name: "t" })],
			"invalid_request: messages[0].name: this backend does not accept names of tool messages",
		],
	];
	for (const [list, expected] of cases) assert.is(refusal({ messages: list }), expected);
});

test("the model becomes the upstream's name, and the first model is the default", () => {
	const models = [{ name: "fast", upstream: "vendor/fast-3" }, { name: "plain" }, "small"];
	const model = (name?: string, served: InstanceConfig["models"] = models) =>
		Reflect.get(request(name === undefined ? {} : { model: name }, {}, {}, served), "model");
	assert.is(model(), "vendor/fast-3");
	assert.is(model("plain"), "plain");
	assert.is(model("small"), "small");
	assert.is(model("anything", []), "anything");
	assert.is(
		refusal({ model: "huge" }, {}, {}, models),
		'invalid_request: model: backend "up" does not serve "huge"; it serves fast, plain, small',
	);
	assert.is(refusal({}, {}, {}, []), 'invalid_request: model: the request names none and backend "up" has no default; name a model');
});

test("provider options are sent only if the operator allows them, and never replace other members", () => {
	const asked = { store: true, metadata: { a: "b" } };
	assert.equal(request({}, { allow_provider_options: ["store", "metadata"] }, asked), {
		model: "small",
		messages: [{ role: "user", content: "Hi" }],
		...asked,
	});
	assert.equal(request({}, { allow_provider_options: true }, asked), {
		model: "small",
		messages: [{ role: "user", content: "Hi" }],
		...asked,
	});
	assert.is(
		refusal({}, { allow_provider_options: ["store"] }, asked),
		"invalid_request: provider_options.metadata: this backend does not accept it; its operator can allow it with allow_provider_options",
	);
	assert.is(
		refusal({}, {}, asked),
		"invalid_request: provider_options.store: this backend does not accept it; its operator can allow it with allow_provider_options",
	);
	for (const name of ["model", "messages", "stream", "n", "max_tokens"]) {
		assert.is(
			refusal({}, { allow_provider_options: true }, { [name]: 1 }),
			`invalid_request: provider_options.${name}: it cannot be set this way; use the request's own members`,
		);
	}
});

test("schemas are sent unchanged unless the server's dialect is named", () => {
	const parameters = { type: "object", properties: { a: { type: "string", minLength: 1 } } };
	const payload: Partial<cchat.Request> = {
		tools: [
			{ name: "f", parameters },
			{ name: "g", parameters, strict: true },
		],
		response_format: { type: "json_schema", json_schema: { name: "r", schema: parameters, strict: true } },
	};
	const sent = (options: JsonObject): unknown[] => {
		const body = JSON.parse(JSON.stringify(request(payload, options)));
		return [body.tools[0].function.parameters, body.tools[1].function.parameters, body.response_format.json_schema.schema];
	};
	const strict = {
		type: "object",
		properties: { a: { type: "string", description: "JSON Schema: minLength: 1" } },
		required: ["a"],
		additionalProperties: false,
	};
	assert.equal(sent({}), [parameters, parameters, parameters]);
	assert.equal(sent({ schema_dialect: "openai" }), [parameters, strict, strict]);
	assert.is(
		refusal({ tools: [{ name: "f", parameters: { type: "object", properties: { a: {} } }, strict: true }] }, { schema_dialect: "openai" }),
		'missing_capabilities: tools[0].parameters.properties.a (tool "f"): this backend\'s strict mode accepts no schema of any value; give it a type',
	);
});

test.run();
