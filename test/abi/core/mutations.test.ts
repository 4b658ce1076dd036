import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFullRun } from "../../helpers/full-run.ts";
import { coreCorpus, createCoreFuzzer } from "../../helpers/fuzz/core-case.ts";

/** Cases in CI. `npm run fuzz:components -- --core` runs more. */
const CASES = isFullRun ? 3_000 : 400;

test("mutated core modules are refused, or run within their limits", async () => {
	const fuzzer = createCoreFuzzer(7, await coreCorpus());
	const rejections: unknown[] = [];
	const listen = (cause: unknown): void => void rejections.push(cause);
	process.on("unhandledRejection", listen);
	const ends = new Map<string, number>();
	for (let number = 0; number < CASES; number += 1) {
		const { subject, end, finding } = await fuzzer.run(number);
		assert.is(finding, undefined, `case ${number}, ${subject}`);
		const kind = end.split(":")[0] ?? "";
		ends.set(kind, (ends.get(kind) ?? 0) + 1);
	}
	await new Promise((resolve) => setImmediate(resolve));
	process.off("unhandledRejection", listen);
	assert.equal(rejections, []);
	// Both happen often: mutations that break nothing would test nothing, and those that break all would test the parser only.
	for (const kind of ["refused", "ok"]) assert.ok((ends.get(kind) ?? 0) > CASES / 10, JSON.stringify([...ends]));
});

test.run();
