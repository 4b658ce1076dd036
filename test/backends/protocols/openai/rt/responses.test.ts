import { test } from "uvu";
import * as assert from "uvu/assert";
import { Responses } from "../../../../../src/backends/protocols/openai/rt/responses.ts";

test("a response ends by its own id, else the oldest one in progress ends", () => {
	const responses = new Responses();
	for (const id of ["a", "b", "c"]) responses.start(id);
	assert.is(responses.end("b"), "b");
	assert.is(responses.end("unknown"), "a");
	assert.is(responses.end(""), "c");
	assert.is(responses.active, false);
	assert.is(responses.end("late"), "late");
});

test("the latest ends are remembered, but not that of a response without an id", () => {
	const responses = new Responses();
	for (let id = 0; id < 20; id++) responses.end(`r${id}`);
	responses.end("");
	assert.equal([responses.hasEnded("r3"), responses.hasEnded("r19"), responses.hasEnded("")], [false, true, false]);
	responses.start("open");
	responses.endAll();
	assert.equal([responses.active, responses.hasEnded("open")], [false, true]);
});

test.run();
