import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { EvictionWarnings } from "../../src/host/eviction-warnings.ts";
import { guestIdentity } from "../../src/identity/guest-identity.ts";
import { FakeClock } from "../helpers/fake-clock.ts";

test("many instances that end for lack of memory make one line each ten seconds, with their number", () => {
	const lines: unknown[] = [];
	const write = (fields: unknown, message: string): unknown => lines.push([fields, message]);
	const clock = new FakeClock();
	const warnings = new EvictionWarnings({ trace: write, debug: write, info: write, warn: write, error: write }, clock);
	const error = new SpearError("rate_limited", "out of memory");
	for (let count = 0; count < 5; count += 1) warnings.report(guestIdentity("a"), error);
	clock.pass(10_000);
	warnings.report(guestIdentity("b"), error);
	assert.equal(lines, [
		[{ guest: "a", ended: 1 }, "an instance of a guest is ended: out of memory"],
		[{ guest: "b", ended: 5 }, "an instance of a guest is ended: out of memory"],
	]);
});

test.run();
