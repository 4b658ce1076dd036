import assert from "node:assert/strict";
import { test } from "node:test";
import { mockHost } from "spear-hostcall/guest/testing";
import { run } from "./agent.ts";

/** A vector of the words that tell these documents apart. */
const vector = (text: string) =>
	["return", "deliver", "bolt", "open", "bearing"].map((word) => (text.toLowerCase().includes(word) ? 1 : 0.01));

test("the agent shows the model the nearest passages, and names them", () => {
	using host = mockHost({
		embeddings: ({ payload }) => payload.input.map(vector),
		chat: ["Within 30 days [1]."],
	});
	const answer = host.run(run, "Can I return a bearing?");
	assert.match(answer, /^Within 30 days \[1\]\.\n\n\[1\] (?:Returns|Bearings)\n\[2\] (?:Returns|Bearings)\n/);
	const [request] = host.requestsOf("chat_completions");
	assert.match(JSON.stringify(request?.payload.messages), /Bring the receipt/);
	assert.equal(host.requestsOf("embeddings").length, 2);
});
