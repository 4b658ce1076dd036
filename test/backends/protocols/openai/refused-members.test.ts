import { test } from "uvu";
import * as assert from "uvu/assert";
import { RefusedMembers } from "../../../../src/backends/protocols/openai/refused-members.ts";

test("the memory of refusals is bounded, and keeps the models in use", () => {
	const refused = new RefusedMembers();
	refused.add("used", ["stream_options"]);
	refused.add("unused", ["stream_options"]);
	for (let index = 0; index < 10_000; index++) {
		refused.add(`made-up-${index}`, ["stream_options"]);
		assert.ok(refused.of("used").has("stream_options"));
	}
	assert.is(refused.of("unused").size, 0);
	assert.is(Array.from({ length: 10_000 }, (_, index) => refused.of(`made-up-${index}`).size).filter((size) => size > 0).length, 255);
});

test("a refused member is tried again after ten minutes", () => {
	let now = 1_000;
	const refused = new RefusedMembers(() => now);
	refused.add("m", ["a"]);
	now += 300_000;
	refused.add("m", ["b"]);
	now += 299_999;
	assert.equal([...refused.of("m")], ["a", "b"]);
	now += 1;
	assert.equal([...refused.of("m")], ["b"]);
	refused.add("m", ["a"]);
	now += 300_000;
	assert.equal([...refused.of("m")], ["a"]);
});

test.run();
