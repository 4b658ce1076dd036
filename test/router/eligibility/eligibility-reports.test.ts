import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { reject } from "../../../src/backends/rules.ts";
import { NO_GUEST } from "../../../src/identity/guest-identity.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { params, request, rulesWith } from "../degradation/rules.ts";
import { tableOf } from "./table.ts";

/** A table of `count` instances, the first of which takes at most 10 tokens, and a function that reports at a time. */
function reporting(count: number) {
	const small = fakeInstance("small", { limits: { context_tokens: 10 } });
	const others = Array.from({ length: count - 1 }, (_, index) => fakeInstance(`i${index}`));
	const table = tableOf([small, ...others]);
	const report = (now: number, input_tokens = 1, chosen: readonly string[] = []) => {
		const request = chatEnvelope({ size: { input_tokens } });
		return table.evaluate(request, table.resolve(request, NO_GUEST), now, chosen);
	};
	return { others, report };
}

const eject = ([instance]: readonly Instance[]): void => instance?.stats.health("chat_completions").eject(0, 60_000);

test("a report of 500 instances is reused for 2.5 ms", () => {
	const { others, report } = reporting(500);
	report(0);
	eject(others);
	const rejected = { early: report(2.4).rejected.length, later: report(2.5).rejected.length };
	assert.equal(rejected, { early: 0, later: 1 });
});

test("a report of fewer than 500 instances is never reused", () => {
	const { others, report } = reporting(499);
	report(0);
	eject(others);
	assert.is(report(0).rejected.length, 1);
});

test("a reused report names the size of the request at hand", () => {
	const { report } = reporting(500);
	const detailOf = (input_tokens: number) => report(0, input_tokens).rejected.map(({ detail }) => detail);
	assert.equal(detailOf(11), ["context_tokens: 11 of at most 10"]);
	assert.equal(detailOf(12), ["context_tokens: 12 of at most 10"]);
});

test("a reused report names the rejected field of the request at hand", () => {
	const rules = rulesWith({ "params.seed": reject("no seeds"), "params.top_p": reject("no top_p") });
	const others = Array.from({ length: 499 }, (_, index) => fakeInstance(`i${index}`));
	const table = tableOf([fakeInstance("strange", { rules }), ...others]);
	const detailOf = (more: Partial<cchat.Params>) => {
		const asked = request(params(more));
		return table.evaluate(asked, table.resolve(asked, NO_GUEST), 0, []).rejected.map(({ detail }) => detail);
	};
	assert.equal(detailOf({ seed: 1 }), ["params.seed: no seeds"]);
	assert.equal(detailOf({ top_p: 1 }), ["params.top_p: no top_p"]);
});

test("a report lists chosen instances as eligible, whatever their state is", () => {
	const { others, report } = reporting(3);
	eject(others);
	assert.equal(report(0, 1, ["i0"]), { eligible: ["i0", "small", "i1"], rejected: [] });
});

test.run();
