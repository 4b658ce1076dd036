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
		["-0.911582", "-0.410911", "0.013086"],
	);
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
