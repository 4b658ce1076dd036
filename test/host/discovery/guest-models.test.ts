import { test } from "uvu";
import * as assert from "uvu/assert";
import { guestModels } from "../../../src/host/discovery/guest-models.ts";

const LISTED = [
	{ name: "gpt-5", limits: { context_tokens: 400_000 } },
	{ name: "qwen3:latest", aliases: ["qwen3"], operations: ["chat_completions"], limits: { context_tokens: 40_960 } },
	{ name: "private" },
] as const;

test("without configured models, guests see what the upstream lists", () => {
	assert.equal(guestModels([], LISTED), LISTED);
});

test("with configured models, guests see the limits of these alone, by their own names", () => {
	const configured = [{ name: "large", upstream: "gpt-5" }, "qwen3", "private", "gone", "gpt-*"];
	assert.equal(guestModels(configured, LISTED), [
		{ name: "large", limits: { context_tokens: 400_000 } },
		{ name: "qwen3", limits: { context_tokens: 40_960 } },
	]);
});

test.run();
