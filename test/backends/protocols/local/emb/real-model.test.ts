/** Embeddings by the sentence encoder itself. Skipped without the model. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as emb from "../../../../../generated/ir/emb.ts";
import { local } from "../../../../../src/backends/kinds/local/index.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { served } from "../models.ts";
import { isInstalled } from "../real-models.ts";

const check = (await isInstalled("sentence-encoder-en")) ? test : test.skip;

const instance = local.create({ name: "here", kind: "local", models: [], options: {} });
const embeddings = served(instance.operations.embeddings);

test.after(() => instance.close());

const embed = (...input: readonly string[]): Promise<emb.Response> =>
	embeddings.unary(envelopeOf("embeddings", { input: [...input] }), contextOf());

const KITE = "A red kite over green hills.";

/** The scalar product. Vectors have length one, so the result is the cosine. */
function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
	if (a === undefined || b === undefined) throw new Error("a vector is missing");
	return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

check("related texts have similar vectors of length one, and others have not", async () => {
	const { vectors, dimensions, usage } = await embed(
		KITE,
		"A bird of prey above a meadow.",
		"The invoice is due on Friday.",
		"How do I reset my password?",
		"I cannot log in to my account.",
	);
	assert.equal([dimensions, usage], [512, { input_tokens: 45, total_tokens: 45 }]);
	const [kite, bird, invoice, password, account] = vectors;
	assert.ok(Math.abs(cosine(kite, kite) - 1) < 1e-5);
	assert.ok(cosine(kite, bird) >= 0.6, `kite and bird: ${cosine(kite, bird)}`);
	assert.ok(cosine(kite, invoice) <= 0.3, `kite and invoice: ${cosine(kite, invoice)}`);
	assert.ok(cosine(password, account) >= 0.6, `password and account: ${cosine(password, account)}`);
	assert.ok(cosine(kite, password) <= 0.3, `kite and password: ${cosine(kite, password)}`);
});

check("the vectors are those that the publisher's own program computes", async () => {
	const [vector] = (await embed(KITE)).vectors;
	const published = [0.054202113, 0.062116223, -0.005342912, -0.05248188];
	assert.ok(
		published.every((value, index) => Math.abs(value - (vector?.[index] ?? 0)) < 1e-5),
		String(vector?.subarray(0, 4)),
	);
});

check("a text has the same vector alone and beside others", async () => {
	const others = Array.from({ length: 40 }, (_, index) => `Text number ${index}. ${"It goes on. ".repeat(index % 9)}`);
	const { vectors } = await embed(...others, KITE);
	const [alone] = (await embed(KITE)).vectors;
	assert.ok(Math.abs(cosine(vectors.at(-1), alone) - 1) < 1e-5);
	assert.is(vectors.length, 41);
});

check("a text of 512 tokens, one beyond, blanks and unknown scripts have vectors", async () => {
	const { vectors, downgrades } = await embed("a ".repeat(512), "word ".repeat(5000), " \n ", "你好 🎉");
	for (const vector of vectors) assert.ok(Math.abs(cosine(vector, vector) - 1) < 1e-5);
	assert.equal(downgrades, [
		{ field: "input", effect: "changed", detail: "1 text has more than 512 tokens, of which only the first count" },
	]);
});

test.run();
