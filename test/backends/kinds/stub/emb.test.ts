import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EmbeddingsBackend } from "../../../../generated/backends/embeddings.ts";
import type * as emb from "../../../../generated/ir/emb.ts";
import { stub } from "../../../../src/backends/kinds/stub/index.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { contextOf } from "../../context.ts";
import { envelopeOf } from "../../envelope.ts";

function embeddingsOf(options: Record<string, unknown> = {}): { embeddings: EmbeddingsBackend; close: () => Promise<void> } {
	const backend = stub.create({ name: "stub", kind: "stub", models: [], options });
	const { embeddings } = backend.operations;
	if (embeddings === undefined) throw new Error("the stub serves no embeddings");
	return { embeddings, close: () => backend.close() };
}

const { embeddings } = embeddingsOf();
const embed = (payload: emb.Request, context = contextOf()) => embeddings.unary(envelopeOf("embeddings", payload), context);

test("the stub returns a vector of length one per text, equal for equal texts", async () => {
	const { vectors, ...rest } = await embed({ input: ["a cat", "a dog", "a cat"] });
	assert.equal(rest, { model: "stub-embed", dimensions: 64, usage: { input_tokens: 6, total_tokens: 6 } });
	assert.is(vectors.length, 3);
	for (const vector of vectors) {
		assert.instance(vector, Float32Array);
		assert.is(vector.length, 64);
		assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6);
	}
	assert.equal(vectors[0], vectors[2]);
	assert.not.equal(vectors[0], vectors[1]);
	assert.equal(await embed({ input: ["a cat"] }).then((again) => again.vectors[0]), vectors[0]);
});

test("the stub's vector depends only on the text, on every machine", async () => {
	const { vectors } = await embed({ input: ["a"], dimensions: 3 });
	assert.equal(
		[...(vectors[0] ?? [])].map((value) => value.toFixed(6)),
		["0.816497", "0.408248", "-0.408248"],
	);
});

test("the stub's vectors of sentences are nearest to those of a question that shares their words", async () => {
	const sentences = [
		"A bolt holds two plates together.",
		"Steel bolts are kept in drawer seven.",
		"The cat sleeps on the warm roof.",
		"Invoices are paid within thirty days.",
		"A full moon lights the harbour.",
		"Our office opens at nine in the morning.",
		"Fresh bread is sold at the corner.",
		"The train to Bern leaves every hour.",
		"Rain is expected in the evening.",
		"Keep the receipt for two years.",
		"The library lends books for a month.",
		"A broken lamp can be returned.",
		"Parking is free on Sundays.",
		"The printer needs new paper.",
		"Tea is served in the garden.",
		"Water boils at a hundred degrees.",
		"The bridge was built in 1932.",
		"Goats climb where cows cannot.",
		"Every invoice carries a number.",
		"The museum is closed on Mondays.",
	];
	const questions = {
		"Where are the steel bolts?": 1,
		"When does the train to Bern leave?": 7,
		"Is the museum closed?": 19,
		"Are BOOKS lent by the library?": 10,
	};
	const { vectors } = await embed({ input: [...sentences, ...Object.keys(questions)] });
	const nearest = vectors.slice(sentences.length).map((question) => {
		const scores = vectors
			.slice(0, sentences.length)
			.map((vector) => vector.reduce((sum, value, place) => sum + value * (question[place] ?? 0), 0));
		return scores.indexOf(Math.max(...scores));
	});
	assert.equal(nearest, Object.values(questions));
});

test("the stub's vector has length one for a text without words, and where words cancel each other", async () => {
	const { vectors } = await embed({ input: ["", "?!", "a b c d e f g"], dimensions: 1 });
	for (const vector of vectors) assert.ok(Math.abs(Math.abs(vector[0] ?? 0) - 1) < 1e-6);
});

test("the stub refuses a small request for vectors that would fill the memory", async () => {
	const input = Array.from({ length: 1025 }, () => "a");
	const error = await failure(embed({ input, dimensions: 4096 }));
	assert.is(error.code, "invalid_request");
	assert.is(error.message, "input: the stub returns at most 4194304 numbers; embed fewer texts at once");
});

test("the stub yields to the event loop between vectors, and can be aborted there", async () => {
	const abort = new AbortController();
	setImmediate(() => abort.abort());
	const input = Array.from({ length: 1024 }, () => "a");
	assert.is((await failure(embed({ input, dimensions: 4096 }, contextOf({ signal: abort.signal })))).code, "cancelled");
});

test("the stub returns the requested dimensions", async () => {
	for (const dimensions of [1, 2, 4096]) {
		const response = await embed({ input: ["a"], dimensions });
		assert.is(response.dimensions, dimensions);
		assert.is(response.vectors[0]?.length, dimensions);
	}
	assert.is(
		(await failure(embed({ input: ["a"], dimensions: 4097 }))).message,
		"dimensions: the stub's vectors have at most 4096, not 4097",
	);
});

test("the stub refuses an input type", async () => {
	const error = await failure(embed({ input: ["a"], input_type: "query" }));
	assert.is(error.code, "missing_capabilities");
	assert.is(error.message, "the stub does not offer supports_input_type");
});

test("an abort and a shutdown end an embeddings request of the stub", async () => {
	const { embeddings: slow, close } = embeddingsOf({ delay_ms: 60_000 });
	const abort = new AbortController();
	const call = (signal: AbortSignal) => failure(slow.unary(envelopeOf("embeddings", { input: ["a"] }), contextOf({ signal })));
	const aborted = call(abort.signal);
	const reason = new SpearError("timeout", "too late");
	abort.abort(reason);
	assert.is(await aborted, reason);
	assert.is(await call(abort.signal), reason);
	const waiting = call(new AbortController().signal);
	await close();
	assert.is((await waiting).code, "cancelled");
});

test.run();
