import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildTestGuest } from "../helpers/guest.ts";
import { PROMISES, player } from "../helpers/guest-library.ts";
import { PROGRAM } from "../helpers/guest-program.ts";

const built = await buildTestGuest(PROGRAM);
const play = await player(built.prepared);

for (const [promise, check] of Object.entries(PROMISES)) test(`QuickJS: ${promise}`, () => check(play));

test("QuickJS: an asynchronous run is refused with what to do", async () => {
	const { outcome } = await play("returns a promise");
	assert.is(
		"err" in outcome &&
			outcome.err.tag === "failed" &&
			/^TypeError: run returned a promise; QuickJS guests are synchronous/.test(outcome.err.val),
		true,
	);
});

test("QuickJS: the library adds little to a guest", () => {
	assert.ok(built.bytes.bundle < 16_000, `${built.bytes.bundle} bytes`);
	assert.ok(built.bytes.component < 2_000_000, `${built.bytes.component} bytes`);
});

test.run();
