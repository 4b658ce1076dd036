import { test } from "uvu";
import * as assert from "uvu/assert";
import { ToolNames } from "../../../../../src/backends/protocols/openai/cchat/tool-names.ts";

const names = new ToolNames(["get_weather", "get", "get_time", "Ünicode", "get"]);

test("a name may continue if a longer name of a tool begins with it", () => {
	assert.ok(names.extend("get"));
	assert.ok(names.extend("get_w"));
	assert.ok(names.extend(""));
	assert.not.ok(names.extend("get_time"));
	assert.not.ok(names.extend("other"));
	assert.not.ok(new ToolNames().extend(""));
});

test("a piece joins a name if both are the name of a tool or begin one, and the piece is no tool's name itself", () => {
	assert.ok(names.join("get", "_weather"));
	assert.ok(names.join("get_", "w"));
	assert.ok(names.join("Ü", "nicode"));
	assert.not.ok(names.join("get_weather", "_"));
	assert.not.ok(names.join("", "get"));
	assert.not.ok(new ToolNames(["a", "b", "ab"]).join("a", "b"));
});

test.run();
