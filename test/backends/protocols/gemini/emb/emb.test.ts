import type { EmbedContentParameters } from "@google/genai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as emb from "../../../../../generated/ir/emb.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { answer, type Behaviour, type OpenAiServer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { envelopeOf } from "../../../envelope.ts";
import { differences } from "../../../sdk-differences.ts";
import { COMPARED_HEADERS, sdkOf } from "../sdk.ts";
import { upstream } from "../upstream.ts";

interface Embedding {
	readonly embed: (
		payload?: Partial<emb.Request>,
		more?: { readonly extra?: RequestEnvelope["provider_options"]; readonly signal?: AbortSignal },
	) => Promise<emb.Response>;
	readonly server: OpenAiServer;
}

/** Runs a test against an upstream with this script. */
function against(
	script: readonly Behaviour[],
	run: (embedding: Embedding) => Promise<void>,
	options: InstanceConfig["options"] = {},
): Promise<void> {
	return upstream(
		script,
		async ({ backend, server, context }) => {
			const { embeddings } = backend.operations;
			if (embeddings === undefined) throw new Error("the kind serves no embeddings");
			await run({
				embed: (payload = {}, { extra, signal = context.signal } = {}) =>
					embeddings.unary(envelopeOf("embeddings", { input: ["a"], ...payload }, extra), { ...context, signal }),
				server,
			});
		},
		{ models: ["gemini-embedding-001"], options },
	);
}

const vectors = (list: readonly unknown[], more: object = {}): Behaviour =>
	answer.json({ embeddings: list.map((values) => ({ values })), ...more });
const item = (text: string, more: object = {}) => ({
	model: "models/gemini-embedding-001",
	content: { role: "user", parts: [{ text }] },
	...more,
});

test("a batch becomes vectors, in the order of the texts", () =>
	against(
		[
			vectors(
				[
					[1, 0.5],
					[0, -2],
				],
				{ usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 } },
			),
		],
		async ({ embed, server }) => {
			assert.equal(await embed({ input: ["a", "b"], dimensions: 2, input_type: "query" }), {
				model: "gemini-embedding-001",
				dimensions: 2,
				vectors: [Float32Array.of(1, 0.5), Float32Array.of(0, -2)],
				usage: { input_tokens: 8, total_tokens: 8 },
			});
			const request = await server.request(0);
			assert.equal([request.method, request.path], ["POST", "/v1/models/gemini-embedding-001:batchEmbedContents"]);
			const more = { taskType: "RETRIEVAL_QUERY", outputDimensionality: 2 };
			assert.equal(request.json(), { requests: [item("a", more), item("b", more)] });
		},
	));

test("a batch of more than 100 texts is split, and its parts are joined", () =>
	against([vectors(Array.from({ length: 100 }, () => [1])), vectors([[2]])], async ({ embed, server }) => {
		const texts = Array.from({ length: 101 }, (_, index) => `${index}`);
		const { vectors: found } = await embed({ input: texts });
		assert.is(found.length, 101);
		assert.equal(found.at(-1), Float32Array.of(2));
		const sizes = server.requests.map((request) => Object(request.json()).requests.length);
		assert.equal(sizes.sort(), [1, 100]);
	}));

test("a purpose is refused where the model has no tasks", () =>
	against(
		[vectors([[1]])],
		async ({ embed, server }) => {
			await embed();
			assert.equal((await server.request(0)).json(), { requests: [item("a")] });
			const { code, message } = await failure(embed({ input_type: "document" }));
			assert.is(
				`${code}: ${message}`,
				"missing_capabilities: input_type: this backend does not know purposes of texts; write the task that the model expects into the texts",
			);
		},
		{ embeddings_task_type: false },
	));

test("the features are those of the options", () => {
	const features = (options: InstanceConfig["options"], expected: readonly string[]): Promise<void> =>
		upstream([], async ({ backend }) => assert.equal(backend.capabilities.embeddings?.features, expected), { options });
	return features({}, ["supports_dimensions", "supports_input_type"]).then(() =>
		features({ embeddings_task_type: false }, ["supports_dimensions"]),
	);
});

test("provider options become members of every item", () =>
	against(
		[vectors([[1]])],
		async ({ embed, server }) => {
			await embed({}, { extra: { title: "T" } });
			assert.equal((await server.request(0)).json(), { requests: [item("a", { title: "T" })] });
			assert.match((await failure(embed({}, { extra: { content: 1 } }))).message, /it cannot be set this way/);
		},
		{ allow_provider_options: true },
	));

const MALFORMED: Readonly<Record<string, readonly [body: unknown, message: string]>> = {
	"an object without vectors": [{}, "embeddings is not a list"],
	// https://github.com/googleapis/python-genai/issues/2523
	"one vector for two texts": [{ embeddings: [{ values: [1] }] }, "embeddings holds 1 vectors for 2 texts"],
	"an item without values": [
		{ embeddings: [{ values: [1] }, {}] },
		"embeddings[1].values is neither a list of numbers nor 32-bit floats in base64",
	],
	"vectors of different lengths": [{ embeddings: [{ values: [1] }, { values: [1, 2] }] }, "the vectors have different lengths: 1, 2"],
	"an empty vector": [{ embeddings: [{ values: [] }, { values: [1] }] }, "embeddings[0].values is empty"],
	"a list": [[], "it is not an object"],
};

for (const [name, [body, message]] of Object.entries(MALFORMED)) {
	test(`${name} is malformed, and keeps the usage`, () => {
		const usage = { usageMetadata: { promptTokenCount: 8 } };
		const whole = Array.isArray(body) ? body : { ...Object(body), ...usage };
		return against([answer.json(whole)], async ({ embed }) => {
			const error = await failure(embed({ input: ["a", "b"] }));
			assert.is(error.message, `the backend's answer is malformed: ${message}`);
			assert.equal(error.usage, Array.isArray(body) ? undefined : { input_tokens: 8 });
		});
	});
}

test("vectors of another length than requested are a missing capability", () =>
	against([vectors([[1, 2]])], async ({ embed }) => {
		const { code, message } = await failure(embed({ dimensions: 3 }));
		assert.is(
			`${code}: ${message}`,
			"missing_capabilities: the backend's answer is not what the request asked for: the vectors have length 2 instead of 3",
		);
	}));

test("an error of the API has its meaning", () =>
	against([answer.status(429, { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "Slow down." } })], async ({ embed }) => {
		const { code, retryable } = await failure(embed());
		assert.equal([code, retryable], ["rate_limited", true]);
	}));

test("an abort ends the request", () =>
	against([answer.silence()], async ({ embed, server }) => {
		const controller = new AbortController();
		const call = embed({}, { signal: controller.signal });
		const request = await server.request(0);
		controller.abort();
		assert.is((await failure(call)).code, "cancelled");
		assert.equal(await request.ended, { clientClosed: true });
	}));

test("texts are sent as the SDK sends them", () =>
	against([vectors([[1], [2]]), vectors([[1], [2]])], async ({ embed, server }) => {
		await embed({ input: ["a", "b"], dimensions: 1, input_type: "document" });
		await sdkOf(server).models.embedContent({
			model: "gemini-embedding-001",
			contents: ["a", "b"],
			config: { taskType: "RETRIEVAL_DOCUMENT", outputDimensionality: 1 },
		} satisfies EmbedContentParameters);
		const [ours, theirs] = [await server.request(0), await server.request(1)];
		assert.equal(differences(ours.json(), theirs.json()), []);
		assert.equal([ours.method, ours.path], [theirs.method, theirs.path]);
		for (const header of COMPARED_HEADERS) assert.is(ours.headers[header], theirs.headers[header], header);
		await server.close();
	}));

test.run();
