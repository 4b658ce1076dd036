/** Fields that a kind drops change nothing, in each operation of one request and one answer. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REQUEST_FIELDS, type RequestFields } from "../../../generated/ir/fields/operations.ts";
import type { Operation, OperationMap } from "../../../generated/ir/operations.ts";
import { backendKinds } from "../../../generated/registry.ts";
import { payloads } from "../../../generated/schema/validate/operations.js";
import type { Validator } from "../../../generated/schema/validate/validator.d.ts";
import { exampleBackend } from "../../../scripts/matrix/kind-tables.ts";
import type { Backend } from "../../../src/backends/backend.ts";
import { type FieldRule, possibleRules, ruleFor } from "../../../src/backends/rules.ts";
import { withoutField } from "../../../src/router/degradation/remove-field.ts";
import { formOf } from "../../helpers/form.ts";
import { memoryMedia } from "../../helpers/memory-media.ts";
import { answer, OpenAiServer } from "../../helpers/openai-server.ts";
import { contextOf } from "../context.ts";
import { envelopeOf } from "../envelope.ts";
import { localInstance, standInFiles } from "../protocols/local/models.ts";
import { SAMPLES, type UnaryOperation } from "./dropped-samples.ts";

/** Returns the payload that the upstream of a kind receives. `undefined` if it receives nothing. */
type Observe = <O extends UnaryOperation>(operation: O, payload: OperationMap[O]["payload"]) => Promise<unknown>;

/** Observes the requests of a kind with an HTTP upstream. */
function requestsTo(server: OpenAiServer, backend: Backend): Observe {
	return async (operation, payload) => {
		const count = server.requests.length;
		server.script(answer.json({ error: { message: "not now" } }));
		await call(backend, operation, payload).catch(() => {});
		const [sent] = server.requests.slice(count);
		if (sent === undefined) return undefined;
		return (sent.headers["content-type"] ?? "").startsWith("multipart/") ? formOf(sent) : sent.json();
	};
}

/** Observes the answers of a kind without an upstream. A refused request has none. */
function answersOf(backend: Backend): Observe {
	return async (operation, payload) => {
		const { id: _, ...result } = Object(await call(backend, operation, payload).catch(() => undefined));
		return Object.keys(result).length === 0 ? undefined : result;
	};
}

async function call<O extends UnaryOperation>(backend: Backend, operation: O, payload: OperationMap[O]["payload"]): Promise<unknown> {
	const implementation: unknown = backend.operations[operation];
	const unary: unknown = typeof implementation === "object" && implementation !== null ? Reflect.get(implementation, "unary") : undefined;
	if (typeof unary !== "function") throw new Error(`${operation} has no whole answers`);
	return Reflect.apply(unary, implementation, [envelopeOf(operation, payload), { ...contextOf({ apiKey: "key" }), media: memoryMedia() }]);
}

/** Returns a payload without each occurrence of a field that a rule drops. `undefined` if the payload is invalid without it. */
function withoutDropped<O extends UnaryOperation>(
	operation: O,
	payload: OperationMap[O]["payload"],
	field: string,
	rule: FieldRule,
): OperationMap[O]["payload"] | undefined {
	const validators: { readonly [P in Operation]: Validator<OperationMap[P]["payload"]> } = payloads;
	const isValid: Validator<OperationMap[O]["payload"]> = validators[operation];
	const left = withoutField(payload, field, (value) => ruleFor(rule, value, payload).treatment === "drop");
	return isValid(left) ? left : undefined;
}

/** Compares what the upstream receives with and without each dropped field. Returns the names of the fields. */
async function comparedFields<O extends UnaryOperation>(
	operation: O,
	table: Readonly<Record<string, FieldRule>>,
	observe: Observe,
): Promise<ReadonlySet<string>> {
	const samples: { readonly [P in UnaryOperation]: readonly OperationMap[P]["payload"][] } = SAMPLES;
	const fields: { readonly [P in Operation]: RequestFields<P> } = REQUEST_FIELDS;
	const compared = new Set<string>();
	for (const sample of samples[operation]) {
		const dropped = new Map<string, FieldRule>();
		fields[operation].walkFields(sample, (field: string, value: unknown) => {
			const rule = table[field];
			if (rule !== undefined && ruleFor(rule, value, sample).treatment === "drop") dropped.set(field, rule);
		});
		for (const [field, rule] of dropped) {
			const bare = withoutDropped(operation, sample, field, rule);
			const sent = bare === undefined ? undefined : await observe(operation, sample);
			if (bare === undefined || sent === undefined) continue;
			assert.equal(sent, await observe(operation, bare), `${operation} ${field}`);
			compared.add(field);
		}
	}
	return compared;
}

/** Operations in which every dropped field of every kind is compared. Chat has fields that the samples hold only in other forms. */
const isComplete = (operation: UnaryOperation): boolean => operation !== "chat_completions";

const UNARY: readonly UnaryOperation[] = ["chat_completions", "embeddings", "image_generation", "speech_to_text", "text_to_speech"];

for (const kind of backendKinds.filter(({ name }) => name !== "llama-cpp")) {
	test(`${kind.name} does the same with and without the fields that its tables drop`, async () => {
		const server = await OpenAiServer.start();
		const backend = kind.name === "local" ? localInstance(await standInFiles()) : exampleBackend(kind, { base_url: server.baseUrl });
		const observe = ["local", "stub"].includes(kind.name) ? answersOf(backend) : requestsTo(server, backend);
		for (const operation of UNARY) {
			const table: Readonly<Record<string, FieldRule>> = backend.capabilities[operation]?.rules ?? {};
			const compared = await comparedFields(operation, table, observe);
			const declared = Object.entries(table).filter(([, rule]) => possibleRules(rule).some(({ treatment }) => treatment === "drop"));
			if (isComplete(operation)) assert.equal([...compared].sort(), declared.map(([field]) => field).sort(), operation);
			else assert.is(compared.size > 0, declared.length > 0, operation);
		}
		await backend.close();
		await server.close();
	});
}

test.run();
