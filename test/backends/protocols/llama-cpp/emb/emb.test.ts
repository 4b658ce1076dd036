import { test } from "uvu";
import * as assert from "uvu/assert";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { failureOf, fakeInstance } from "../instance.ts";

test("each text has a vector of length one, in the order of the texts", async () => {
	const { library, embeddings } = fakeInstance();
	library.embed = async ([first = 0]) => (first === 97 ? [3, 4] : [0, -2]);
	assert.equal(await embeddings.unary(envelopeOf("embeddings", { input: ["ab", "b"] }), contextOf()), {
		model: "tiny",
		vectors: [Float32Array.of(0.6, 0.8), Float32Array.of(0, -1)],
		dimensions: 2,
		usage: { input_tokens: 5, total_tokens: 5 },
	});
});

test("a text that does not fit is refused by its index", async () => {
	const { embeddings } = fakeInstance();
	const send = (text: string): Promise<unknown> => embeddings.unary(envelopeOf("embeddings", { input: ["ok", text] }), contextOf());
	assert.match(
		String(await failureOf(send("x".repeat(255)))),
		"[invalid_request]: input[1]: the context of the model holds 255 tokens, and it has more",
	);
	assert.match(String(await failureOf(send("x".repeat(5000)))), "[invalid_request]: input[1]: the context of the model holds 255 tokens");
});

test("members without an equivalent are refused by name", async () => {
	const { embeddings } = fakeInstance();
	const refusal = async (more: object, extra = {}): Promise<string> =>
		String(await failureOf(embeddings.unary(envelopeOf("embeddings", { input: ["a"], ...more }, extra), contextOf())));
	assert.match(await refusal({ dimensions: 3 }), "[missing_capabilities]: dimensions");
	assert.match(await refusal({ input_type: "query" }), "[missing_capabilities]: input_type");
	assert.match(await refusal({}, { truncate: true }), "[invalid_request]: provider_options.truncate");
});

test("an abort ends a batch before its next text", async () => {
	const { library, embeddings } = fakeInstance();
	const abort = new AbortController();
	const seen: number[] = [];
	library.embed = async ({ length }) => {
		seen.push(length);
		abort.abort();
		return [1];
	};
	const input = ["a", "bb", "ccc"];
	const failure = await failureOf(embeddings.unary(envelopeOf("embeddings", { input }), contextOf({ signal: abort.signal })));
	assert.match(String(failure), "SpearError [cancelled]");
	await embeddings.unary(envelopeOf("embeddings", { input: ["dddd"] }), contextOf());
	assert.equal(seen, [1, 4]);
});

test("a vector that holds no numbers is a failure of the backend", async () => {
	const { library, embeddings } = fakeInstance();
	library.embed = async () => [Number.NaN];
	const failure = await failureOf(embeddings.unary(envelopeOf("embeddings", { input: ["a"] }), contextOf()));
	assert.is(String(failure), "SpearError [backend_error]: the model's vector holds a value that is not a number");
});

test.run();
