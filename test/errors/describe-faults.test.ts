import { test } from "uvu";
import * as assert from "uvu/assert";
import { readablePath } from "../../src/errors/describe-faults.ts";

test("a JSON pointer reads as code would", () => {
	assert.is(readablePath("/messages/0/tool_calls/12/name"), "messages[0].tool_calls[12].name");
	assert.is(readablePath("/backends/a~1b/c~0d"), "backends.a/b.c~d");
	assert.is(readablePath(""), "");
});

test.run();
