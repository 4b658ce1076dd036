import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ErrorCode } from "../../../generated/ir/types.ts";
import { streamOrWhole } from "../../../src/cli/client/stream-or-whole.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";

async function* events(list: readonly string[], failure?: ErrorCode): AsyncGenerator<string, void, void> {
	yield* list;
	if (failure !== undefined) throw new SpearError(failure, "it fails");
}

/** Returns the events, and last the code of a failure. */
async function outcome(stream: readonly string[], failure: ErrorCode | undefined, wholeFailure?: ErrorCode): Promise<string[]> {
	const seen: string[] = [];
	try {
		for await (const event of streamOrWhole(
			() => events(stream, failure),
			() => events(["whole"], wholeFailure),
		))
			seen.push(event);
	} catch (thrown) {
		seen.push(thrown instanceof SpearError ? thrown.code : String(thrown));
	}
	return seen;
}

test("a stream is passed on", async () => {
	assert.equal(await outcome(["a", "b"], undefined), ["a", "b"]);
});

test("a whole answer replaces a stream that no backend serves", async () => {
	assert.equal(await outcome([], "missing_capabilities"), ["whole"]);
	assert.equal(await outcome([], "no_candidate_backend", "timeout"), ["whole", "timeout"]);
});

test("other failures, and those after the first event, are final", async () => {
	assert.equal(await outcome([], "rate_limited"), ["rate_limited"]);
	assert.equal(await outcome(["a"], "missing_capabilities"), ["a", "missing_capabilities"]);
});

test.run();
