/** Embeddings of the kind `local`, with a library that counts in place of the model. Each batch runs in the real thread. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as emb from "../../../../../generated/ir/emb.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { localInstance, NO_FILES, served, standInFiles } from "../models.ts";

const files = await standInFiles();
const shared = localInstance(files);
const embeddings = served(shared.operations.embeddings);

test.after(() => shared.close());

const embed = (input: readonly string[], more: Partial<emb.Request> = {}, signal?: AbortSignal): Promise<emb.Response> =>
	embeddings.unary(envelopeOf("embeddings", { input: [...input], ...more }), contextOf(signal === undefined ? {} : { signal }));

/** Number and sum of the tokens of each text. */
const seen = ({ vectors }: emb.Response): number[][] => vectors.map((vector) => [...vector.subarray(0, 2)]);

test("each text has a vector in the order of the request, and the tokens are counted", async () => {
	const answer = await embed(["a b", "a", "ab ab ab"]);
	// The ids: ▁ 6, a 7, b 8, ▁a 9.
	assert.equal(seen(answer), [
		[3, 9 + 6 + 8],
		[1, 9],
		[6, 3 * (9 + 8)],
	]);
	assert.equal([answer.model, answer.dimensions], ["sentence-encoder-en", 512]);
	assert.equal(answer.usage, { input_tokens: 10, total_tokens: 10 });
	assert.is(answer.downgrades, undefined);
	assert.is(answer.vectors[0]?.length, 512);
});

test("texts of similar lengths are evaluated together, and long ones apart", async () => {
	const { vectors } = await embed([`${"a ".repeat(300)}`, "a", "a b", `${"a ".repeat(200)}`]);
	assert.equal(
		vectors.map((vector) => vector[2]),
		[1, 2, 2, 1],
	);
});

test("a text beyond the bound counts by its beginning, and the response says so", async () => {
	const answer = await embed(["a ".repeat(513), "b"]);
	assert.equal(seen(answer)[0], [512, 512 * 9]);
	const detail = "1 text has more than 512 tokens, of which only the first count";
	assert.equal(answer.downgrades, [{ field: "input", effect: "changed", detail }]);
	assert.is((await embed(["a ".repeat(512)])).downgrades, undefined);
});

test("a blank text is one unknown token", async () => {
	assert.equal(seen(await embed([" "])), [[1, 0]]);
});

test("requests that the model cannot serve are refused with the reason", async () => {
	const refused = async (more: Partial<emb.Request>): Promise<string> => {
		const { code, message } = await failure(embed(["a"], more));
		return `${code}: ${message}`;
	};
	assert.is(await refused({ dimensions: 256 }), "missing_capabilities: dimensions: this backend's vectors have 512 numbers, not 256");
	assert.is((await embed(["a"], { dimensions: 512 })).dimensions, 512);
	assert.is(await refused({ input_type: "query" }), "missing_capabilities: input_type: this backend embeds all texts alike");
	assert.match(await refused({ input: Array.from({ length: 2049 }, () => "a") }), "invalid_request: input: it has 2049 texts");
	assert.match(await refused({ model: "other" }), 'invalid_request: model: backend "here" does not serve "other"');
});

test("a batch of many texts is evaluated in parts, between which other requests have their turns", async () => {
	const many = embed(Array.from({ length: 48 }, () => "slow"));
	const one = embed(["a"]);
	const [last] = (await many).vectors.slice(-1);
	const [other] = (await one).vectors;
	assert.ok((other?.[3] ?? 0) < (last?.[3] ?? 0), "the short request was evaluated before the end of the long one");
});

test("a few long texts are evaluated in parts too", async () => {
	const many = embed(Array.from({ length: 8 }, () => "a ".repeat(500)));
	const one = embed(["a"]);
	const [last] = (await many).vectors.slice(-1);
	const [other] = (await one).vectors;
	assert.ok((other?.[3] ?? 0) < (last?.[3] ?? 0), "the short request was evaluated before the end of the long one");
});

test("an abort ends a call at once, and the rest of its texts is not evaluated", async () => {
	const before = (await embed(["a"])).vectors[0]?.[3] ?? 0;
	const abort = new AbortController();
	const order: string[] = [];
	const aborted = failure(
		embed(
			Array.from({ length: 64 }, () => "slow"),
			{},
			abort.signal,
		),
	).finally(() => order.push("aborted"));
	const next = embed(["a"]).finally(() => order.push("next"));
	setTimeout(() => abort.abort(), 50);
	assert.is((await aborted).code, "cancelled");
	assert.ok(((await next).vectors[0]?.[3] ?? 0) <= before + 2, "one evaluation of the aborted request at most");
	assert.equal(order, ["aborted", "next"], "the call ends before its evaluation, which the next one waits for");
});

test("an engine that ends twice fails the request, and the next one has a new engine", async () => {
	const failed = await failure(embed(["crash"]));
	assert.equal(
		[failed.code, failed.message],
		["backend_error", "the engine of embeddings ended unexpectedly; the host's log has the reason"],
	);
	assert.equal(seen(await embed(["a"])), [[1, 9]]);
});

test("a missing package or model fails the request with its remedy, and shows in the check", async () => {
	const message = async (instance = localInstance(files)): Promise<string> => {
		try {
			return (await failure(served(instance.operations.embeddings).unary(envelopeOf("embeddings", { input: ["a"] }), contextOf()))).message;
		} finally {
			await instance.close();
		}
	};
	const missing =
		"embeddings need the package @energetic-ai/core, which is not installed; install it: npm install @energetic-ai/core@0.2.0";
	assert.is(await message(localInstance(files, {}, { pathOf: () => undefined })), missing);
	assert.is(await message(localInstance(NO_FILES)), "the model sentence-encoder-en is not on this machine; run the command");
	const other = localInstance(files, {}, { pathOf: () => import.meta.filename.replace(/emb\.test\.ts$/, "tokenizer.test.ts") });
	assert.match(await message(other), /the package @energetic-ai\/core is not the version that this host supports; install it again/);
	const bare = localInstance(files, {}, { pathOf: () => undefined });
	const checked = await failure(bare.probe?.({ signal: new AbortController().signal, apiKey: undefined }) ?? Promise.resolve());
	assert.ok(checked.message.includes(`embeddings: ${missing}`), checked.message);
	await bare.close();
});

test.run();
