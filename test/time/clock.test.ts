import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { systemClock } from "../../src/time/clock.ts";

test("a time that has passed, and one beyond the longest timer, are no cause for a warning", async () => {
	const warnings: string[] = [];
	const onWarning = ({ name }: Error): void => void warnings.push(name);
	process.on("warning", onWarning);
	systemClock.after(2 ** 40, () => assert.unreachable())();
	await new Promise<void>((resolve) => systemClock.after(-0.5, resolve));
	await new Promise((resolve) => setImmediate(resolve));
	process.off("warning", onWarning);
	assert.equal(warnings, []);
});

test.run();
