import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as rt from "../../generated/ir/rt.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { normalizeRt, queueBounds } from "../../src/normalize/rt.ts";

function complaint(payload: Partial<rt.Request>): string {
	try {
		normalizeRt({ mode: "conversation", tools: [], ...payload });
	} catch (thrown) {
		if (thrown instanceof SpearError && thrown.code === "invalid_request") return thrown.message;
		throw thrown;
	}
	return "";
}

test("the formats have their defaults, of the output in a conversation only", () => {
	assert.equal(normalizeRt({ mode: "conversation", tools: [] }), {
		mode: "conversation",
		tools: [],
		input_format: "pcm16",
		output_format: "pcm16",
	});
	assert.equal(normalizeRt({ mode: "conversation", tools: [], input_format: "g711_ulaw", output_format: "g711_alaw" }), {
		mode: "conversation",
		tools: [],
		input_format: "g711_ulaw",
		output_format: "g711_alaw",
	});
	assert.equal(normalizeRt({ mode: "transcription", tools: [], model: "m" }), {
		mode: "transcription",
		tools: [],
		model: "m",
		input_format: "pcm16",
	});
});

test("a transcription refuses whatever shapes an answer, by name", () => {
	const tool = { name: "add", parameters: {} };
	const place = "in a transcription, which gives no answers; leave";
	assert.is(complaint({ mode: "transcription", instructions: "x" }), `instructions: has no place ${place} it out`);
	assert.is(complaint({ mode: "transcription", voice: "x" }), `voice: has no place ${place} it out`);
	assert.is(complaint({ mode: "transcription", output_format: "pcm16" }), `output_format: has no place ${place} it out`);
	assert.is(complaint({ mode: "transcription", tools: [tool] }), `tools: have no place ${place} them out`);
});

test("in a transcription the model that transcribes is `model`, whichever member names it", () => {
	const normalized = normalizeRt({ mode: "transcription", tools: [], transcription_model: "scribe" });
	assert.equal([normalized.model, normalized.transcription_model], ["scribe", undefined]);
	assert.is(complaint({ mode: "transcription", model: "scribe", transcription_model: "scribe" }), "");
	assert.is(
		complaint({ mode: "transcription", model: "a", transcription_model: "b" }),
		"transcription_model: in a transcription `model` names the model that transcribes; name it there only",
	);
	assert.is(normalizeRt({ mode: "conversation", tools: [], transcription_model: "scribe" }).transcription_model, "scribe");
});

test("tools have different names", () => {
	const tool = { name: "add", parameters: {} };
	assert.is(complaint({ tools: [tool, { ...tool, name: "sub" }] }), "");
	assert.is(complaint({ tools: [tool, tool] }), "tools[1].name: 'add' is already the name of another tool");
});

test("a queue is what the guest asks for, within what the host allows", () => {
	assert.equal(queueBounds(undefined, 5000), { max_bytes: 5000, overflow: "refuse" });
	assert.equal(queueBounds({ max_bytes: 2000, overflow: "fail" }, 5000), { max_bytes: 2000, overflow: "fail" });
	assert.equal(queueBounds({ max_bytes: 9000, overflow: "drop_oldest" }, 5000), { max_bytes: 5000, overflow: "drop_oldest" });
});

test.run();
