import { test } from "uvu";
import * as assert from "uvu/assert";
import { Priority } from "../../../../src/router/load-balancing/policies/priority.ts";
import { contextOf, picks, weighing } from "./picking.ts";

test("priority picks the first usable instance of the configuration", () => {
	const picker = new Priority();
	picker.update(weighing(1, 9, 9));
	assert.is(picks(picker, 3).join(""), "aaa");
	assert.is(picks(picker, 2, contextOf({ without: ["a"] })).join(""), "bb");
	assert.is(picks(picker, 2, contextOf({ without: ["a", "b"] })).join(""), "cc");
	assert.is(picks(picker, 1).join(""), "a");
});

test("priority picks no instance when none is usable", () => {
	const picker = new Priority();
	picker.update(weighing(1));
	assert.is(picker.pick(contextOf({ without: ["a"] })), undefined);
});

test.run();
