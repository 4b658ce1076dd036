/** Requests of the Responses API: each member of a payload is translated, refused by name, or a declared downgrade. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { isObject } from "../../../../../src/backends/kit/json/guards.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { opaque, sealed } from "./answer-cases.ts";
import { refusalOf, requestOf } from "./request-of.ts";

const output = (id: string, text: string, more: object = {}) => ({
	type: "message",
	role: "assistant",
	id,
	status: "completed",
	content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
	...more,
});
const functionCall = (call_id: string) => ({ type: "function_call", call_id, name: "f", arguments: "{}" });
const result = (call_id: string, text: string) => ({ type: "function_call_output", call_id, output: text });
const calls = (...ids: string[]): Pick<cchat.Message, "tool_calls"> => ({
	tool_calls: ids.map((id) => ({ id, name: "f", arguments: "{}" })),
});
const answers = (...ids: string[]): cchat.Message[] => ids.map((id) => say("tool", `of ${id}`, { tool_call_id: id }));
const itemsOf = (input: unknown): readonly unknown[] => (Array.isArray(input) ? input : []);

test("a request is neither stored nor has any member that nothing asked for", () => {
	assert.equal(requestOf({}), { model: "gpt", input: [{ type: "message", role: "user", content: "Hi" }], store: false });
});

test("a call by a name that no tool can have is written with _", () => {
	const call = { id: "c", name: "browser.open", arguments: "{}" };
	const { input } = requestOf({ messages: [say("user", "Q"), say("assistant", "", { content: [], tool_calls: [call] }), ...answers("c")] });
	assert.equal(itemsOf(input).slice(1), [{ ...functionCall("c"), name: "browser_open" }, result("c", "of c")]);
});

test("a repeated id of 64 characters stays within 64", () => {
	const id = "x".repeat(64);
	const turn = [say("assistant", "", { content: [], ...calls(id) }), ...answers(id)];
	const { input } = requestOf({ messages: [say("user", "Q"), ...turn, ...turn] });
	const ids = itemsOf(input)
		.slice(1)
		.map((item) => (isObject(item) ? String(item.call_id) : ""));
	assert.equal([ids[0], ids[1]], [id, id]);
	assert.match(ids[2] ?? "", /^call_[A-Za-z0-9]{24}$/);
	assert.is(ids[3], ids[2]);
});

test("system messages at the beginning are instructions, and later ones keep their place", () => {
	const messages = [say("system", "A"), say("system", "B"), say("user", "Q"), say("system", "C")];
	const user = { type: "message", role: "user", content: "Q" };
	const { instructions, input } = requestOf({ messages });
	assert.is(instructions, "A\n\nB");
	assert.equal(input, [user, { type: "message", role: "system", content: "C" }]);
	for (const role of ["system", "developer"]) {
		const request = requestOf({ messages }, { system_form: role });
		const system = (content: string) => ({ type: "message", role, content });
		assert.equal([request.instructions, request.input], [undefined, [system("A"), system("B"), user, system("C")]]);
	}
});

test("a conversation of system messages alone is sent as items, because the API demands an input", () => {
	const { instructions, input } = requestOf({ messages: [say("system", "Say hello.")] });
	assert.equal([instructions, input], [undefined, [{ type: "message", role: "system", content: "Say hello." }]]);
});

test("reasoning comes directly before the call that it led to, as the answer had it", () => {
	const assistant: cchat.Message = {
		...parts(
			"assistant",
			{ type: "reasoning", reasoning: { text: "A?", sealed: opaque("output.0.reasoning", sealed("rs_1", "A?")) } },
			{ type: "opaque", opaque: opaque("output.1.reasoning", sealed("rs_2")) },
			{ type: "text", text: "I ask." },
		),
		...calls("c1", "c2"),
	};
	const { input } = requestOf({ messages: [say("user", "Q"), assistant, ...answers("c1", "c2")] });
	assert.equal(input, [
		{ type: "message", role: "user", content: "Q" },
		sealed("rs_1", "A?"),
		functionCall("c1"),
		sealed("rs_2"),
		output("msg_4", "I ask."),
		functionCall("c2"),
		result("c1", "of c1"),
		result("c2", "of c2"),
	]);
});

test("reasoning that nothing follows, of another provider or without its sealed form stays behind", () => {
	const seal = opaque("output.0.reasoning", sealed("rs_1"));
	const sent = (options: object, ...content: cchat.ContentPart[]) =>
		requestOf({ messages: [say("user", "Q"), parts("assistant", ...content), say("user", "R")] }, { ...options }).input;
	const user = (content: string) => ({ type: "message", role: "user", content });
	assert.equal(sent({}, { type: "opaque", opaque: seal }), [user("Q"), user("R")]);
	const yes: cchat.ContentPart = { type: "text", text: "Yes." };
	const without = [user("Q"), output("msg_1", "Yes."), user("R")];
	assert.equal(sent({}, { type: "opaque", opaque: { ...seal, provider: "other" } }, yes), without);
	assert.equal(sent({ send_opaque: false }, { type: "opaque", opaque: seal }, yes), without);
	assert.equal(sent({}, { type: "reasoning", reasoning: { text: "Hm." } }, yes), without);
	assert.equal(sent({}, { type: "opaque", opaque: seal }, yes), [user("Q"), sealed("rs_1"), output("msg_2", "Yes."), user("R")]);
});

test("phases, refusals and items that only the provider understands keep their places, and citations are dropped", () => {
	const search = { id: "ws_1", type: "web_search_call", status: "completed" };
	const image = { type: "output_image", image: "x" };
	const assistant = parts(
		"assistant",
		{ type: "opaque", opaque: opaque("output.0.web_search_call", search) },
		{ type: "opaque", opaque: opaque("message.phase", "commentary") },
		{ type: "text", text: "I look." },
		{ type: "opaque", opaque: opaque("message.content.output_image", image) },
		{ type: "opaque", opaque: opaque("message.phase", "final_answer") },
		{ type: "text", text: "" },
		{ type: "refusal", refusal: "No." },
		{ type: "annotation", annotation: { url: "https://a.example/" } },
	);
	const { input } = requestOf({ messages: [assistant] });
	assert.equal(input, [
		search,
		output("msg_1", "I look.", {
			content: [{ type: "output_text", text: "I look.", annotations: [], logprobs: [] }, image],
			phase: "commentary",
		}),
		output("msg_2", "", { content: [{ type: "refusal", refusal: "No." }], phase: "final_answer" }),
	]);
});

test("a part of the right provider that the API cannot have sent is refused", () => {
	const refusal = (kind: string, value: unknown) =>
		refusalOf({ messages: [say("user", "Q"), parts("assistant", { type: "opaque", opaque: opaque(kind, value) })] });
	const foreign = (kind: string) =>
		`invalid_request: messages[1].content[0].opaque.kind: "${kind}" is not a part of this backend's messages`;
	assert.is(refusal("content.thinking", { type: "thinking" }), foreign("content.thinking"));
	assert.is(refusal("output.0.reasoning", { type: "web_search_call" }), foreign("output.0.reasoning"));
	assert.is(refusal("message.content.a", { type: "b" }), foreign("message.content.a"));
	const raw: cchat.ContentPart = { type: "opaque", opaque: { ...opaque("message.phase", ""), data: new TextEncoder().encode("{") } };
	assert.is(
		refusalOf({ messages: [parts("assistant", raw)] }),
		"invalid_request: messages[0].content[0].opaque.data: it is not JSON; return a part as it was received",
	);
});

test("an opaque part brings in no item of a type that the ABI has parts for, and no reference to a stored item", () => {
	for (const type of ["message", "function_call", "function_call_output", "item_reference"]) {
		const part: cchat.ContentPart = { type: "opaque", opaque: opaque(`output.0.${type}`, { type, id: "rs_of_another_guest" }) };
		const { input } = requestOf({ messages: [say("user", "Q"), parts("assistant", part)] });
		assert.equal(input, [{ type: "message", role: "user", content: "Q" }], type);
	}
});

test("ids of calls are unique and have at most 64 characters, and their results follow them", () => {
	const long = "x".repeat(80);
	const turn = (id: string) => [{ ...parts("assistant"), ...calls(id) }, ...answers(id)];
	const { input } = requestOf({ messages: [say("user", "Q"), ...turn("c1"), ...turn("c1"), ...turn(long), ...turn("günter")] });
	const ids = JSON.parse(JSON.stringify(input)).flatMap(({ call_id }: { call_id?: string }) => call_id ?? []);
	assert.equal(ids.slice(0, 4), ["c1", "c1", "c1_2", "c1_2"]);
	for (const id of ids.slice(4)) assert.match(id, /^call_[\w-]{24}$/);
	assert.is(ids[4], ids[5]);
	assert.is(new Set(ids).size, 4);
});

test("results of tools are texts, whether the tool failed or not", () => {
	const messages = [
		say("user", "Q"),
		{ ...parts("assistant"), ...calls("c1", "c2", "c3") },
		say("tool", "no such city", { tool_call_id: "c1", is_error: true }),
		{ ...parts("tool", { type: "text", text: "a" }, { type: "text", text: "b" }), tool_call_id: "c2" },
		{ ...parts("tool"), tool_call_id: "c3" },
	];
	const input = requestOf({ messages }).input;
	assert.equal(JSON.parse(JSON.stringify(input)).slice(4), [
		result("c1", "no such city"),
		{
			type: "function_call_output",
			call_id: "c2",
			output: [
				{ type: "input_text", text: "a" },
				{ type: "input_text", text: "b" },
			],
		},
		result("c3", ""),
	]);
});

test("a file without a name has one by its type, because the API refuses bytes without a name", () => {
	const file = { source: { type: "inline" as const, inline: { mime_type: "application/pdf", data: Uint8Array.of(1) } } };
	const { input } = requestOf({ messages: [parts("user", { type: "file", file })] });
	assert.equal(input, [
		{
			type: "message",
			role: "user",
			content: [{ type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,AQ==" }],
		},
	]);
});

test("penalties and names are dropped, and other members that the API does not have are refused", () => {
	const request = requestOf({
		messages: [say("user", "Hi", { name: "ann" })],
		params: { stop: [], presence_penalty: 1, frequency_penalty: 1 },
	});
	assert.equal(request, requestOf({}));
	assert.is(refusalOf({ params: { stop: [], seed: 1 } }), "missing_capabilities: params.seed: this backend has no seed");
	assert.is(refusalOf({ params: { stop: ["x"] } }), "missing_capabilities: params.stop: this backend has no stop sequences");
	assert.is(
		refusalOf({ params: { stop: [], temperature: Number.NaN } }),
		"invalid_request: params.temperature: NaN is not a number that JSON can hold",
	);
	const audio: cchat.ContentPart = {
		type: "audio",
		audio: { source: { type: "inline", inline: { mime_type: "audio/wav", data: Uint8Array.of() } } },
	};
	assert.is(
		refusalOf({ messages: [parts("user", audio)] }),
		"missing_capabilities: messages[0].content[0]: this backend does not accept audio",
	);
	const text: cchat.ContentPart = {
		type: "image",
		image: { source: { type: "inline", inline: { mime_type: "text/html", data: Uint8Array.of() } } },
	};
	assert.match(refusalOf({ messages: [parts("user", text)] }), /"text\/html", which is not the type of an image$/);
});

test("a message with content or members that its role does not allow is refused by name", () => {
	const refusal = { type: "refusal" as const, refusal: "No." };
	const wrong: readonly (readonly [cchat.Message, string])[] = [
		[parts("user", refusal), "content[0]: a user message cannot have a part of type refusal"],
		[parts("user"), "content: it is empty"],
		[parts("system", refusal), "content[0]: this backend accepts only text in a system message, not refusal"],
		[{ ...say("user", "x"), ...calls("c") }, "tool_calls: a user message cannot have it"],
		[say("tool", "x"), "tool_call_id: a tool message must name the tool call that it answers"],
		[
			parts("assistant", { type: "image", image: { source: { type: "url", url: "https://a.example/" } } }),
			"content[0]: an assistant message cannot have a part of type image",
		],
	];
	for (const [message, said] of wrong) assert.is(refusalOf({ messages: [message] }), `invalid_request: messages[0].${said}`);
});

test("a conversation without anything that the API can receive is refused", () => {
	assert.is(
		refusalOf({ messages: [parts("assistant", { type: "reasoning", reasoning: { text: "Hm." } })] }),
		"missing_capabilities: messages: they hold nothing that this backend can receive, such as only reasoning",
	);
});

test("options add members, and the tools' own members stay out without tools", () => {
	const options = {
		store: true,
		reasoning_summary: "auto",
		verbosity: "low",
		truncation: "auto",
		prompt_cache_key: "k",
		safety_identifier: "u",
	};
	const { model: _, input: __, ...more } = requestOf({ params: { stop: [], parallel_tool_calls: true } }, options);
	assert.equal(more, {
		store: true,
		reasoning: { summary: "auto" },
		text: { format: { type: "text" }, verbosity: "low" },
		truncation: "auto",
		prompt_cache_key: "k",
		safety_identifier: "u",
	});
});

test("schemas are lowered into OpenAI's dialect, unless the server accepts more", () => {
	const schema = { type: "object", properties: { a: { type: "string", minLength: 1 } } };
	const payload: Partial<cchat.Request> = {
		tools: [
			{ name: "strict", parameters: schema, strict: true },
			{ name: "free", parameters: schema },
		],
		response_format: { type: "json_schema", json_schema: { name: "s", schema, strict: true } },
	};
	const schemasOf = (options: object) => {
		const { tools, text } = JSON.parse(JSON.stringify(requestOf(payload, { ...options })));
		return [tools[0].parameters, tools[1].parameters, text.format.schema].map(({ required, additionalProperties }) => [
			required,
			additionalProperties,
		]);
	};
	assert.equal(schemasOf({}), [
		[["a"], false],
		[undefined, undefined],
		[["a"], false],
	]);
	assert.equal(schemasOf({ schema_dialect: "as-is" }).flat(), Array(6).fill(undefined));
});

test("provider options never set a state at the upstream, and other members only if the operator allows them", () => {
	assert.equal(requestOf({}, { allow_provider_options: ["service_tier"] }, { service_tier: "flex" }).service_tier, "flex");
	for (const name of ["previous_response_id", "conversation", "store", "input", "background"])
		assert.match(
			refusalOf({}, { allow_provider_options: true }, { [name]: "x" }),
			new RegExp(`^invalid_request: provider_options.${name}: `),
		);
	assert.match(refusalOf({}, {}, { metadata: {} }), /^invalid_request: provider_options.metadata: this backend does not accept it/);
});

test.run();
