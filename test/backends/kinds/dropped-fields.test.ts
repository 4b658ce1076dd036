import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { walkFields } from "../../../generated/ir/fields/cchat.ts";
import type * as types from "../../../generated/ir/types.ts";
import { backendKinds } from "../../../generated/registry.ts";
import { payloads } from "../../../generated/schema/validate/operations.js";
import { exampleBackend } from "../../../scripts/matrix/kind-tables.ts";
import type { Backend } from "../../../src/backends/backend.ts";
import { type FieldRule, ruleFor } from "../../../src/backends/rules.ts";
import { withoutField } from "../../../src/router/degradation/remove-field.ts";
import { chatRequest, message } from "../../helpers/chat.ts";
import { png } from "../../helpers/images.ts";
import { answer, OpenAiServer } from "../../helpers/openai-server.ts";
import { contextOf } from "../context.ts";
import { envelopeOf } from "../envelope.ts";

const inline = (mime_type: string, data: Uint8Array): types.MediaRef => ({ type: "inline", inline: { mime_type, data } });
const foreign: types.OpaquePart = { provider: "elsewhere", kind: "content.thought", data: new TextEncoder().encode('{"type":"thought"}') };

const said = (...content: cchat.ContentPart[]): cchat.Message => ({ role: "assistant", content, tool_calls: [] });
const text = (words: string): cchat.ContentPart => ({ type: "text", text: words });

/** Conversations with the fields that kinds drop. Each keeps a text beside a field that is dropped. */
const SAMPLES: readonly cchat.Request[] = [
	chatRequest({ messages: [{ ...message("user", "hello"), name: "ada" }] }),
	chatRequest({ params: { stop: [], temperature: 0.3, top_p: 0.4 } }),
	chatRequest({ params: { stop: [], presence_penalty: 0.5, frequency_penalty: 0.6 } }),
	chatRequest({
		messages: [
			message("user", "one"),
			said(text("two"), { type: "annotation", annotation: { url: "https://a.example", title: "A", start_index: 0, end_index: 3 } }),
			message("user", "three"),
		],
	}),
	chatRequest({ messages: [message("user", "one"), said({ type: "opaque", opaque: foreign }, text("two")), message("user", "three")] }),
	chatRequest({
		messages: [message("user", "one"), said({ type: "reasoning", reasoning: { text: "hm" } }, text("two")), message("user", "three")],
	}),
	chatRequest({
		messages: [
			message("user", "one"),
			said({ type: "reasoning", reasoning: { text: "hm", sealed: foreign } }, text("two")),
			message("user", "three"),
		],
	}),
	chatRequest({
		messages: [
			{
				role: "user",
				content: [text("look"), { type: "image", image: { source: inline("image/png", png()), detail: "low" } }],
				tool_calls: [],
			},
		],
	}),
	chatRequest({
		messages: [
			{
				role: "user",
				content: [text("read"), { type: "file", file: { source: inline("application/pdf", new Uint8Array(9)), filename: "a.pdf" } }],
				tool_calls: [],
			},
		],
	}),
	chatRequest({
		tools: [{ name: "f", parameters: { type: "object" } }],
		messages: [
			message("user", "one"),
			{ role: "assistant", content: [], tool_calls: [{ id: "call_1", name: "f", arguments: "{}" }] },
			{ role: "tool", content: [text("broken")], tool_calls: [], tool_call_id: "call_1", is_error: true },
		],
	}),
	chatRequest({ messages: [message("user", "one"), said(text("two"), text("  ")), message("user", "three")] }),
];

/** Returns the body that a backend sends for a payload. `undefined` if it sends nothing. */
async function bodyOf(backend: Backend, server: OpenAiServer, payload: cchat.Request): Promise<unknown> {
	const count = server.requests.length;
	server.script(answer.json({ error: { message: "not now" } }));
	await backend.operations.chat_completions?.unary(envelopeOf("chat_completions", payload), contextOf({ apiKey: "key" })).catch(() => {});
	const [sent] = server.requests.slice(count);
	return sent?.json();
}

/** Returns a payload without each occurrence of a field that a rule drops. `undefined` if the payload is invalid without it. */
function withoutDropped(payload: cchat.Request, field: string, rule: FieldRule): cchat.Request | undefined {
	const left = withoutField(payload, field, (value) => ruleFor(rule, value, payload).treatment === "drop");
	return payloads.chat_completions(left) ? left : undefined;
}

for (const kind of backendKinds.filter(({ name }) => name !== "stub" && name !== "llama-cpp")) {
	test(`${kind.name} sends the same chat with and without the fields that its table drops`, async () => {
		const server = await OpenAiServer.start();
		const backend = exampleBackend(kind, { base_url: server.baseUrl });
		const table: Readonly<Record<string, FieldRule>> = backend.capabilities.chat_completions?.rules ?? {};
		const compared: string[] = [];
		for (const sample of SAMPLES) {
			const dropped = new Set<string>();
			walkFields(sample, (field, value) => {
				const rule = table[field];
				if (rule !== undefined && ruleFor(rule, value, sample).treatment === "drop") dropped.add(field);
			});
			for (const field of dropped) {
				const rule = table[field];
				const bare = rule === undefined ? undefined : withoutDropped(sample, field, rule);
				const sent = bare === undefined ? undefined : await bodyOf(backend, server, sample);
				if (bare === undefined || sent === undefined) continue;
				assert.equal(sent, await bodyOf(backend, server, bare), field);
				compared.push(field);
			}
		}
		await backend.close();
		await server.close();
		const declared = Object.values(table).some((rule) => JSON.stringify(rule).includes('"treatment":"drop"'));
		assert.is(compared.length > 0, declared);
	});
}

test.run();
