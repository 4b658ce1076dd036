import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildTestGuest } from "../helpers/guest.ts";
import { failureOf, PROMISES, player } from "../helpers/guest-library.ts";
import { PROGRAM } from "../helpers/guest-program.ts";

const built = await buildTestGuest(PROGRAM);
const play = await player(built.prepared);

for (const [behaviour, check] of Object.entries(PROMISES)) test(`QuickJS: ${behaviour}`, () => check(play));

test("QuickJS: an asynchronous run that rejects is a failure", async () => {
	const { outcome } = await play("returns a promise");
	assert.is(failureOf(outcome).message, "later");
});

test("QuickJS: a guest with the library stays below 40 kB of bundle and 2.2 MB of component", () => {
	assert.ok(built.bytes.bundle < 40_000, `${built.bytes.bundle} bytes`);
	assert.ok(built.bytes.component < 2_200_000, `${built.bytes.component} bytes`);
});

test.run();
