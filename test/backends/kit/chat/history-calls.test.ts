import { test } from "uvu";
import * as assert from "uvu/assert";
import { historyArguments } from "../../../../src/backends/kit/chat/history-calls.ts";

test("arguments go back as the text of a JSON object", () => {
	for (const [text, sent] of [
		["", "{}"],
		[" \n", "{}"],
		["null", "{}"],
		['{"a": 1}', '{"a": 1}'],
		['{"a":', '{"invalid_arguments":"{\\"a\\":"}'],
		["[1]", '{"invalid_arguments":"[1]"}'],
		["7", '{"invalid_arguments":"7"}'],
		["[".repeat(300), `{"invalid_arguments":"${"[".repeat(300)}"}`],
	] as const)
		assert.is(historyArguments(text), sent);
});

test.run();
