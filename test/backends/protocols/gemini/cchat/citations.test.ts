/** Sources of an answer are bounded: a support names a source with two bytes, and each name is a citation with its address. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnswerBlock } from "../../../../../src/backends/kit/chat/answer.ts";
import { CallIds } from "../../../../../src/backends/kit/chat/call-ids.ts";
import { Citations } from "../../../../../src/backends/protocols/gemini/cchat/citations.ts";
import { parseAnswer } from "../../../../../src/backends/protocols/gemini/cchat/response.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { exchangeOf } from "../../../../../src/transport/http/exchange.ts";
import { response } from "../upstream.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1/models/m:generateContent"), {});

interface Grounding {
	readonly groundingChunks: readonly object[];
	readonly groundingSupports: readonly object[];
}

/** Returns the citations of a text. */
function citations(groundingMetadata: Grounding, text = "Red kite"): AnswerBlock[] {
	const all = new Citations();
	all.add({ groundingMetadata });
	return all.cite([{ type: "text", text }]);
}

/** Returns the message of the refusal of an answer. */
function refusal(groundingMetadata: Grounding): string {
	const value = response([{ text: "Red kite" }], { groundingMetadata });
	try {
		parseAnswer({ value, text: JSON.stringify(value), exchange }, { model: "m", provider: "up", ids: new CallIds() });
	} catch (thrown) {
		const { code, message } = SpearError.from(thrown);
		return `${code}: ${message}`;
	}
	return "accepted";
}

const chunk = (uri: string) => ({ web: { uri, title: "T" } });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test("a support that names a source twice cites it once", () => {
	const [block] = citations({
		groundingChunks: [chunk("a:"), chunk("b:")],
		groundingSupports: [{ segment: { endIndex: 3, text: "Red" }, groundingChunkIndices: [1, 0, 1, 1] }],
	});
	assert.equal(block, {
		type: "text",
		text: "Red kite",
		citations: [
			{ url: "b:", title: "T", start_index: 0, end_index: 3 },
			{ url: "a:", title: "T", start_index: 0, end_index: 3 },
		],
	});
});

test("supports beyond the bound on citations are not unfolded, and the answer is refused", () => {
	const groundingChunks = range(0, 2000).map((at) => chunk(`u:${at}`));
	const groundingSupports = range(0, 2000).map(() => ({ groundingChunkIndices: range(0, 2000) }));
	const [block] = citations({ groundingChunks, groundingSupports });
	assert.is(block?.type === "text" && block.citations?.length, 10_001, "four million would be");
	assert.match(refusal({ groundingChunks, groundingSupports }), /^backend_error: .* more than 10000 citations/);
	assert.is(refusal({ groundingChunks, groundingSupports: groundingSupports.slice(0, 5) }), "accepted");
});

test("the addresses and titles of citations are bounded together, because many citations may repeat a long one", () => {
	const grounding = (uri: string): Grounding => ({
		groundingChunks: [chunk(uri)],
		groundingSupports: range(0, 4000).map(() => ({ groundingChunkIndices: [0] })),
	});
	assert.is(refusal(grounding("u".repeat(999))), "accepted");
	assert.match(
		refusal(grounding("u".repeat(1000))),
		/^backend_error: .* more than 4000000 characters in the addresses and titles of its citations/,
	);
});

test.run();
