import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { REQUEST_FIELDS } from "../../generated/ir/fields/operations.ts";
import { offeredFeatures } from "../../src/backends/offered-features.ts";
import { ruleGroups } from "../../src/backends/rule-groups.ts";
import { ruleSentences } from "../../src/backends/rule-sentences.ts";
import {
	drop,
	emulate,
	type FieldRule,
	type FieldRules,
	map,
	pass,
	possibleRules,
	reject,
	ruleFor,
	when,
} from "../../src/backends/rules.ts";

const { each, under } = ruleGroups("embeddings");

/** Every field of a speech request passes. */
const SPEECH: FieldRules<"text_to_speech"> = ruleGroups("text_to_speech").each(REQUEST_FIELDS.text_to_speech.FIELDS, pass);
/** Every field of a chat request passes. */
const CHAT: FieldRules<"chat_completions"> = ruleGroups("chat_completions").each(REQUEST_FIELDS.chat_completions.FIELDS, pass);

test("a conditional rule applies to the values that pass its test, and the next condition is tried for all others", () => {
	const rule: FieldRule<number> = when(
		"above 2",
		(value) => value > 2,
		reject("too hot"),
		when("above 1", (value) => value > 1, emulate("as 1")),
	);
	assert.equal(
		[3, 2, 1].map((value) => ruleFor(rule, value, {})),
		[reject("too hot"), emulate("as 1"), pass],
	);
	assert.equal(possibleRules(rule), [reject("too hot"), emulate("as 1"), pass]);
});

test("a rejection may name a treatment for the lenient policy", () => {
	assert.equal(reject("no audio", { lenient: drop("no audio") }), {
		treatment: "reject",
		reason: "no audio",
		lenient: { treatment: "drop", reason: "no audio" },
	});
});

test("a table is spread from entries that several fields share", () => {
	const rules: FieldRules<"embeddings"> = {
		...each(["model", "input"], pass),
		...under("dimensions", reject("vectors have one length")),
		input_type: map("a prefix of the text"),
	};
	assert.is(rules.model, pass);
	assert.equal(rules.dimensions, reject("vectors have one length"));
});

test("a rule for a field and its parts names every part", () => {
	const entries = ruleGroups("chat_completions").under("messages.content.audio", drop("no audio"));
	assert.equal(Object.keys(entries), [
		"messages.content.audio",
		"messages.content.audio.source",
		"messages.content.audio.source.inline",
		"messages.content.audio.source.stored",
		"messages.content.audio.source.url",
		"messages.content.audio.format",
	]);
});

test("features of rejected fields are not offered, and dropped fields are", () => {
	const rules: FieldRules<"text_to_speech"> = { ...SPEECH, "input.ssml": reject("plain text only"), speed: drop("one pace") };
	assert.equal(offeredFeatures("text_to_speech", rules), ["supports_speed", "supports_voice_instructions"]);
});

test("a feature is offered if its field is rejected for some values only", () => {
	const rules: FieldRules<"chat_completions"> = { ...CHAT, "params.seed": when("below 0", (value) => value < 0, reject("no sign")) };
	assert.ok(offeredFeatures("chat_completions", rules).includes("supports_seed"));
});

test("a feature that only true demands is offered if its field is rejected for false", () => {
	const offered = (refused: boolean) => {
		const rule = when<boolean>(`${refused}`, (value) => value === refused, reject("fixed"));
		return offeredFeatures("chat_completions", { ...CHAT, "params.parallel_tool_calls": rule }).includes("supports_parallel_tool_calls");
	};
	assert.equal([offered(true), offered(false)], [false, true]);
});

test("a condition on the payload leaves a feature offered that only true demands", () => {
	const rule = when<boolean, cchat.Request>("without tools", (_, { tools }) => tools.length === 0, reject("nothing to call"));
	const rules: FieldRules<"chat_completions"> = { ...CHAT, "params.parallel_tool_calls": rule };
	assert.ok(offeredFeatures("chat_completions", rules).includes("supports_parallel_tool_calls"));
});

test("a table is told in sentences: equal treatments share one, and parts treated like their field are left out", () => {
	const rules: FieldRules<"chat_completions"> = {
		...CHAT,
		...ruleGroups("chat_completions").under("messages.content.audio", reject("no audio")),
		"params.temperature": when("above 1", (value) => value > 1, emulate("sent as 1")),
		"params.presence_penalty": drop("no penalties"),
		"params.frequency_penalty": drop("no penalties"),
	};
	assert.equal(ruleSentences(rules, ["emulate", "drop"]), [
		"params.temperature above 1 is emulated: sent as 1",
		"params.presence_penalty and params.frequency_penalty are dropped: no penalties",
	]);
	assert.equal(ruleSentences(rules, ["reject"]), ["messages.content.audio is rejected: no audio"]);
});

test.run();
