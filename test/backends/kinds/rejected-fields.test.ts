import { test } from "uvu";
import * as assert from "uvu/assert";
import { REQUEST_FIELDS, type RequestFields } from "../../../generated/ir/fields/operations.ts";
import type { Operation, OperationMap } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { backendKinds } from "../../../generated/registry.ts";
import { exampleBackend } from "../../../scripts/matrix/kind-tables.ts";
import type { Backend } from "../../../src/backends/backend.ts";
import { type FieldRule, ruleFor } from "../../../src/backends/rules.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { OPERATION_NAMES } from "../../../src/operations/is-operation.ts";
import { chatRequest } from "../../helpers/chat.ts";
import { png } from "../../helpers/images.ts";
import { contextOf } from "../context.ts";
import { envelopeOf } from "../envelope.ts";

/** An address that refuses connections. A request that is sent fails with another code than a refused one. */
const CLOSED = "http://127.0.0.1:1/v1";

const inline = (mime_type: string, data: Uint8Array): types.MediaRef => ({ type: "inline", inline: { mime_type, data } });
const picture = inline("image/png", png());
const user = (content: OperationMap["chat_completions"]["payload"]["messages"][number]["content"]) =>
	chatRequest({ messages: [{ role: "user", content: [{ type: "text", text: "look" }, ...content], tool_calls: [] }] });
const tools = [{ name: "f", parameters: { type: "object" } }];

/** Requests with every field that some kind rejects. */
const SAMPLES: { readonly [O in Operation]: readonly OperationMap[O]["payload"][] } = {
	chat_completions: [
		user([{ type: "audio", audio: { source: inline("audio/wav", new Uint8Array(44)), format: "wav" } }]),
		user([{ type: "image", image: { source: picture, detail: "low" } }]),
		user([{ type: "file", file: { source: inline("application/pdf", new Uint8Array(8)), filename: "a.pdf" } }]),
		chatRequest({ tools: [{ name: "f", parameters: { type: "string" } }] }),
		chatRequest({ tools: [{ name: "3d-view", parameters: { type: "object" } }] }),
		chatRequest({ tools: [{ name: "f", parameters: { type: "object" }, strict: true }] }),
		chatRequest({ tools, tool_choice: { type: "required" } }),
		chatRequest({ tools, tool_choice: { type: "named", named: "f" } }),
		chatRequest({ tools, response_format: { type: "json_object" } }),
		chatRequest({ response_format: { type: "json_object" } }),
		chatRequest({ tools, response_format: { type: "json_schema", json_schema: { name: "s", schema: {}, strict: true } } }),
		chatRequest({ response_format: { type: "json_schema", json_schema: { name: "s", schema: { type: "object" } } } }),
		chatRequest({ params: { stop: [], seed: 2 ** 40 } }),
		chatRequest({ params: { stop: [], reasoning_effort: "high" } }),
		chatRequest({ tools, params: { stop: [], parallel_tool_calls: true } }),
	],
	embeddings: [
		{ input: ["a"], input_type: "query" },
		{ input: ["a"], dimensions: 7 },
	],
	image_generation: [
		{ task: { type: "edit", edit: { images: [picture], mask: picture } }, prompt: "p" },
		{ task: { type: "edit", edit: { images: [picture] } }, prompt: "p", style: "vivid" },
		{ task: { type: "variation", variation: picture } },
		{ task: { type: "variation", variation: picture }, quality: "high" },
		{ task: { type: "variation", variation: picture }, background: "opaque" },
		{ task: { type: "variation", variation: picture }, format: "png" },
		{ task: { type: "generate" }, prompt: "p", seed: 2 ** 40 },
		{ task: { type: "generate" }, prompt: "p", size: { width: 700, height: 31 } },
		{ task: { type: "generate" }, prompt: "p", quality: "high" },
		{ task: { type: "generate" }, prompt: "p", style: "vivid" },
		{ task: { type: "generate" }, prompt: "p", background: "transparent" },
		{ task: { type: "generate" }, prompt: "p", format: "webp" },
	],
	speech_to_text: [
		{ audio: inline("audio/wav", new Uint8Array(44)), timestamps: ["word"], diarize: true },
		{ audio: inline("audio/wav", new Uint8Array(44)), timestamps: ["word"], task: "translate" },
		{ audio: inline("audio/wav", new Uint8Array(44)), diarize: true, task: "translate" },
		{ audio: inline("audio/wav", new Uint8Array(44)), diarize: true },
		{ audio: inline("audio/wav", new Uint8Array(44)), language: "fr" },
	],
	text_to_speech: [
		{ input: { type: "ssml", ssml: "<speak>Hi</speak>" } },
		{ input: { type: "text", text: "Hi" }, format: "opus" },
		{ input: { type: "text", text: "Salut" }, format: "wav", language: "fr" },
		{ input: { type: "text", text: "Hi" }, format: "wav", speed: 1.5 },
		{ input: { type: "text", text: "Hi" }, format: "wav", instructions: "softly" },
	],
	realtime_voice: [
		{ mode: "conversation", tools: [], language: "de" },
		{ mode: "conversation", tools: [], output_format: "g711_ulaw" },
		{ mode: "conversation", tools: [], turn_detection: { type: "server_vad", server_vad: { threshold: 0.5 } } },
		{ mode: "conversation", tools: [], turn_detection: { type: "semantic_vad", semantic_vad: "low" } },
	],
};

/** Returns the fields of a payload that a table rejects. */
function rejectedFields<O extends Operation>(
	operation: O,
	payload: OperationMap[O]["payload"],
	table: Readonly<Record<string, FieldRule>>,
): string[] {
	const fields: { readonly [P in Operation]: RequestFields<P> } = REQUEST_FIELDS;
	const rejected: string[] = [];
	fields[operation].walkFields(payload, (field: string, value: unknown) => {
		const rule = table[field];
		if (rule !== undefined && ruleFor(rule, value, payload).treatment === "reject") rejected.push(field);
	});
	return rejected;
}

/** Calls the backend, and returns the code of the failure. */
async function failureOf<O extends Operation>(backend: Backend, operation: O, payload: OperationMap[O]["payload"]): Promise<string> {
	const implementation: unknown = backend.operations[operation];
	const call: unknown =
		typeof implementation === "object" && implementation !== null
			? (Reflect.get(implementation, "unary") ?? Reflect.get(implementation, "connect"))
			: undefined;
	if (typeof call !== "function") return "no call";
	try {
		await Reflect.apply(call, implementation, [envelopeOf(operation, payload), contextOf({ apiKey: "key" })]);
		return "no failure";
	} catch (thrown) {
		return thrown instanceof SpearError ? thrown.code : String(thrown);
	}
}

async function checkOperation<O extends Operation>(kind: string, backend: Backend, operation: O, covered: Set<string>): Promise<void> {
	const { [operation]: capabilities } = backend.capabilities;
	if (capabilities === undefined) return;
	const samples: { readonly [P in Operation]: readonly OperationMap[P]["payload"][] } = SAMPLES;
	for (const payload of samples[operation]) {
		const fields = rejectedFields(operation, payload, capabilities.rules);
		for (const field of fields) covered.add(`${operation} ${field}`);
		if (fields.length === 0) continue;
		const code = await failureOf(backend, operation, payload);
		assert.ok(["invalid_request", "missing_capabilities"].includes(code), `${kind}: ${fields.join()} of ${operation}: ${code}`);
	}
}

for (const kind of backendKinds) {
	test(`${kind.name} refuses every field that its tables reject, before anything is sent`, async () => {
		const backend = exampleBackend(kind, { base_url: CLOSED });
		const covered = new Set<string>();
		for (const operation of OPERATION_NAMES) await checkOperation(kind.name, backend, operation, covered);
		const missing = OPERATION_NAMES.flatMap((operation) => {
			const table: Readonly<Record<string, FieldRule>> = backend.capabilities[operation]?.rules ?? {};
			return Object.entries(table)
				.filter(([, rule]) => "when" in rule || rule.treatment === "reject")
				.filter(([, rule]) => JSON.stringify(rule).includes('"treatment":"reject"'))
				.map(([field]) => `${operation} ${field}`)
				.filter((name) => ![...covered].some((other) => other === name || name.startsWith(`${other}.`)));
		});
		await backend.close();
		assert.equal(missing, [], "SAMPLES needs a request with these fields");
	});
}

test.run();
