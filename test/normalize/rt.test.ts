import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as rt from "../../generated/ir/rt.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { normalizeRt, queueBounds } from "../../src/normalize/rt.ts";

function refusal(payload: Partial<rt.Request>): string {
	try {
		normalizeRt({ mode: "conversation", tools: [], ...payload });
	} catch (thrown) {
		if (thrown instanceof SpearError && thrown.code === "invalid_request") return thrown.message;
		throw thrown;
	}
	return "";
}

test("the default formats are pcm16, for the output only in a conversation", () => {
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

test("a transcription is refused when it has a member that shapes a response", () => {
	const tool = { name: "add", parameters: {} };
	const reason = "in a transcription, which produces no responses; omit";
	assert.is(refusal({ mode: "transcription", instructions: "x" }), `instructions: is not allowed ${reason} it`);
	assert.is(refusal({ mode: "transcription", voice: "x" }), `voice: is not allowed ${reason} it`);
	assert.is(refusal({ mode: "transcription", output_format: "pcm16" }), `output_format: is not allowed ${reason} it`);
	assert.is(refusal({ mode: "transcription", tools: [tool] }), `tools: are not allowed ${reason} them`);
});

test("the model of a transcription becomes `model` when `transcription_model` names it", () => {
	const normalized = normalizeRt({ mode: "transcription", tools: [], transcription_model: "scribe" });
	const { model, transcription_model } = normalized;
	assert.equal({ model, transcription_model }, { model: "scribe", transcription_model: undefined });
	assert.is(refusal({ mode: "transcription", model: "scribe", transcription_model: "scribe" }), "");
	assert.is(
		refusal({ mode: "transcription", model: "a", transcription_model: "b" }),
		"transcription_model: differs from `model`, which names the transcription model in a transcription; set only `model`",
	);
	assert.is(normalizeRt({ mode: "conversation", tools: [], transcription_model: "scribe" }).transcription_model, "scribe");
});

test("tools of a session are refused when two have one name", () => {
	const tool = { name: "add", parameters: {} };
	assert.is(refusal({ tools: [tool, { ...tool, name: "sub" }] }), "");
	assert.is(refusal({ tools: [tool, tool] }), "tools[1].name: 'add' is already the name of another tool");
});

test("the bounds of a queue are those of the request, within the limit of the host", () => {
	assert.equal(queueBounds(undefined, 5000), { max_bytes: 5000, overflow: "refuse" });
	assert.equal(queueBounds({ max_bytes: 2000, overflow: "fail" }, 5000), { max_bytes: 2000, overflow: "fail" });
	assert.equal(queueBounds({ max_bytes: 9000, overflow: "drop_oldest" }, 5000), { max_bytes: 5000, overflow: "drop_oldest" });
});

test.run();
