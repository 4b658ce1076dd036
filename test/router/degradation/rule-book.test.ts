import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import type * as types from "../../../generated/ir/types.ts";
import { drop, emulate, type FieldRules, reject, when } from "../../../src/backends/rules.ts";
import { RuleBook } from "../../../src/router/degradation/rule-book.ts";
import { chatRequest } from "../../helpers/chat.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { params, request, rulesWith, withImages } from "./rules.ts";

/** The treatment of a request by an instance with these rules. */
function treated(rules: Partial<FieldRules<"chat_completions">>, payload: Partial<cchat.Request>, policy: types.Degradation = "declared") {
	const instance = fakeInstance("a", { rules: rulesWith(rules) });
	return new RuleBook([instance]).assess(request(payload), policy)?.of(instance);
}

const HOT = when<number>("above 1", (value) => value > 1, emulate("sent as 1"));

test("a request is not assessed if every instance sends every field", () => {
	const book = new RuleBook([fakeInstance("a"), fakeInstance("b", { rules: rulesWith({}) })]);
	assert.is(book.assess(request({}), "strict"), undefined);
});

test("declared treatments of present fields are downgrades, and absent fields are none", () => {
	const { rejection, downgrades } =
		treated({ "params.seed": drop("no seeds"), "params.top_p": drop("no top_p") }, params({ seed: 1 })) ?? {};
	assert.is(rejection, undefined);
	assert.equal(downgrades, [{ field: "params.seed", effect: "dropped", detail: "no seeds" }]);
});

test("a conditional treatment is a downgrade only if the condition holds", () => {
	const downgrades = (temperature: number) => treated({ "params.temperature": HOT }, params({ temperature }))?.downgrades;
	assert.equal(downgrades(1), []);
	assert.equal(downgrades(1.5), [{ field: "params.temperature", effect: "emulated", detail: "sent as 1" }]);
});

test("a condition may read other fields of the request", () => {
	const rules = rulesWith({ tool_choice: when("without tools", (_, { tools }) => tools.length === 0, drop("nothing to choose")) });
	const downgrades = (tools: cchat.Tool[]) =>
		treated(rules, { tools, tool_choice: { type: "auto" } })?.downgrades.map(({ field }) => field);
	assert.equal(downgrades([]), ["tool_choice"]);
	assert.equal(downgrades([{ name: "f", parameters: {} }]), []);
});

test("a field that occurs several times is one downgrade", () => {
	const { downgrades } = treated({ "messages.content.image.detail": drop("one detail") }, withImages(3, ["low", "low", "high"])) ?? {};
	assert.equal(downgrades, [{ field: "messages.content.image.detail", effect: "dropped", detail: "one detail" }]);
});

test("strict rejects what would be emulated or dropped", () => {
	const rejection = (rules: Partial<FieldRules<"chat_completions">>) => treated(rules, params({ temperature: 2 }), "strict")?.rejection;
	assert.is(rejection({ "params.temperature": HOT }), "params.temperature: would be emulated, which the policy strict forbids: sent as 1");
	assert.is(
		rejection({ "params.temperature": drop("no sampling") }),
		"params.temperature: would be dropped, which the policy strict forbids: no sampling",
	);
});

test("a rejected field rejects the request, with the reason", () => {
	const rules = { "messages.content.image": reject("text only", { lenient: drop("text only") }) };
	assert.is(treated(rules, withImages(1))?.rejection, "messages.content.image: text only");
	assert.is(treated(rules, {})?.rejection, undefined);
});

test("parts of a dropped field count for nothing, and parts of a kept one do", () => {
	const byDetail = when<cchat.ImagePart>("of low detail", ({ detail }) => detail === "low", drop("too coarse"));
	const rules = { "messages.content.image": byDetail, "messages.content.image.detail": reject("no details") };
	assert.is(treated(rules, withImages(1, ["low"]))?.rejection, undefined);
	assert.is(treated(rules, withImages(2, ["low", "high"]))?.rejection, "messages.content.image.detail: no details");
});

test("lenient removes what a rule drops in place of a rejection", () => {
	const rules = { "messages.content.image": reject("text only", { lenient: drop("images are left out") }) };
	const { rejection, downgrades, payload, replacedFeatures } = treated(rules, withImages(2), "lenient") ?? {};
	assert.is(rejection, undefined);
	assert.equal(downgrades, [{ field: "messages.content.image", effect: "dropped", detail: "images are left out" }]);
	const [first, second] = withImages(2).messages;
	assert.equal(
		payload,
		chatRequest({ messages: [first, second].map((each) => ({ role: "user", content: each?.content.slice(0, 1) ?? [], tool_calls: [] })) }),
	);
	assert.equal(replacedFeatures, new Set(["supports_vision"]));
});

test("lenient leaves what a rule emulates in place of a rejection to the backend", () => {
	const tool: cchat.Tool = { name: "f", parameters: {} };
	const rules = { tools: reject("no tools", { lenient: emulate("described in the prompt") }) };
	const { payload, downgrades, replacedFeatures } = treated(rules, { tools: [tool] }, "lenient") ?? {};
	assert.is(payload, undefined);
	assert.equal(downgrades, [{ field: "tools", effect: "emulated", detail: "described in the prompt" }]);
	assert.equal(replacedFeatures, new Set(["supports_tools"]));
});

test("a feature that another field demands is not replaced", () => {
	const tool: cchat.Tool = { name: "f", parameters: {} };
	const rules = { tool_choice: reject("no choice", { lenient: drop("the model decides") }) };
	const { payload, replacedFeatures } = treated(rules, { tools: [tool], tool_choice: { type: "required" } }, "lenient") ?? {};
	assert.equal(payload, chatRequest({ tools: [tool] }));
	assert.equal(replacedFeatures, new Set());
});

test("lenient rejects a request that is nothing without the removed field", () => {
	const rules = { "messages.content.text": reject("no text", { lenient: drop("no text") }) };
	assert.is(treated(rules, {}, "lenient")?.rejection, "messages.content.text: the request is invalid without it");
	const required = { "messages.role": reject("no roles", { lenient: drop("no roles") }) };
	assert.is(treated(required, {}, "lenient")?.rejection, "messages.role: the request is invalid without it");
});

test("instances with equal tables share one assessment", () => {
	const rules = () => rulesWith({ "params.temperature": HOT, "params.seed": reject("no seeds") });
	const [a, b, c] = [
		fakeInstance("a", { rules: rules() }),
		fakeInstance("b", { rules: rules() }),
		fakeInstance("c", { rules: rulesWith({}) }),
	];
	const assessment = new RuleBook([a, b, c]).assess(request(params({ seed: 1 })), "declared");
	assert.is(assessment?.of(a), assessment?.of(b));
	assert.is(assessment?.of(c)?.rejection, undefined);
});

test("equal keys mean equal candidates: values do not matter, rejections and replacements do", () => {
	const table = rulesWith({
		"params.temperature": HOT,
		"params.seed": reject("no seeds"),
		"messages.content.image": reject("text only", { lenient: drop("text only") }),
	});
	const book = new RuleBook([fakeInstance("a", { rules: table }), fakeInstance("b", { rules: rulesWith({}) })]);
	const key = (more: Partial<cchat.Request>, policy: types.Degradation = "declared") => book.assess(request(more), policy)?.key;
	assert.is(key(params({ temperature: 1 })), key(params({ temperature: 2 })));
	assert.is.not(key(params({ temperature: 1 })), key(params({ seed: 1 })));
	assert.is(key(withImages(1)), key(withImages(2)));
	assert.is.not(key(withImages(1)), key(withImages(1), "lenient"));
	const [first] = withImages(1).messages;
	const bare = { messages: [{ role: "user" as const, tool_calls: [], content: first?.content.slice(1) ?? [] }] };
	assert.is(key(withImages(1), "lenient"), key(withImages(2), "lenient"));
	assert.is.not(key(bare, "lenient"), key(withImages(1), "lenient"));
});

test("a request known by names of fields gets the case of a rule without conditions", () => {
	const instance = fakeInstance("a", { rules: rulesWith({ "params.temperature": HOT, "params.seed": reject("no seeds") }) });
	const book = new RuleBook([instance]);
	assert.is(book.assessNames("chat_completions", ["params.temperature"], "strict")?.of(instance)?.rejection, undefined);
	assert.is(book.assessNames("chat_completions", ["params.seed"], "declared")?.of(instance)?.rejection, "params.seed: no seeds");
});

test("lenient replaces the features of named fields, apart from those that another field demands", () => {
	const rules = {
		"messages.content.image": reject("text only", { lenient: drop("images are left out") }),
		tool_choice: reject("no choice", { lenient: drop("the model decides") }),
	};
	const instance = fakeInstance("a", { rules: rulesWith(rules) });
	const book = new RuleBook([instance]);
	const replaced = (...fields: string[]) => book.assessNames("chat_completions", fields, "lenient")?.of(instance)?.replacedFeatures;
	assert.equal(replaced("messages.content.image", "messages.content.image.detail"), new Set(["supports_vision"]));
	assert.equal(replaced("tool_choice"), new Set(["supports_tools"]));
	assert.equal(replaced("tools", "tool_choice"), new Set());
	assert.equal(book.assessNames("chat_completions", ["tool_choice"], "declared")?.of(instance)?.replacedFeatures, new Set());
});

test.run();
