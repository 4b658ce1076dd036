import { setTimeout as delay } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Attribution, Processed } from "../../src/errors/code-defaults.ts";
import { abortError, SpearError, timeoutError } from "../../src/errors/spear-error.ts";

interface Defaults {
	readonly retryable: boolean;
	readonly attribution: Attribution;
	readonly processed: Processed;
}

/** The error that an operation with `signal` rejects with, as Node's own functions make it. */
async function rejectionOf(signal: AbortSignal): Promise<unknown> {
	return delay(60_000, undefined, { signal, ref: false }).catch((thrown: unknown) => thrown);
}

test("a SpearError has the defaults of its code when it is created without options", () => {
	const expected: { readonly [C in SpearError["code"]]: Defaults } = {
		invalid_request: { retryable: false, attribution: "request", processed: "no" },
		missing_capabilities: { retryable: false, attribution: "request", processed: "no" },
		not_permitted: { retryable: false, attribution: "request", processed: "no" },
		rate_limited: { retryable: true, attribution: "capacity", processed: "no" },
		timeout: { retryable: true, attribution: "backend", processed: "unknown" },
		backend_error: { retryable: false, attribution: "backend", processed: "yes" },
		cancelled: { retryable: false, attribution: "caller", processed: "no" },
		no_candidate_backend: { retryable: false, attribution: "host", processed: "no" },
		backend_not_enabled: { retryable: false, attribution: "host", processed: "no" },
		internal: { retryable: false, attribution: "host", processed: "no" },
	};
	const codes: readonly SpearError["code"][] = [
		"invalid_request",
		"missing_capabilities",
		"not_permitted",
		"rate_limited",
		"timeout",
		"backend_error",
		"cancelled",
		"no_candidate_backend",
		"backend_not_enabled",
		"internal",
	];
	for (const code of codes) {
		const { retryable, attribution, processed } = new SpearError(code, "the message");
		assert.equal({ retryable, attribution, processed }, expected[code], code);
	}
});

test("`with` keeps attribution and processed when its options do not name them", () => {
	const error = new SpearError("backend_error", "no", { attribution: "credentials", processed: "no" });
	const { operation, attribution, processed } = error.with({ operation: "embeddings" });
	assert.equal({ operation, attribution, processed }, { operation: "embeddings", attribution: "credentials", processed: "no" });
});

test("`with` replaces attribution and processed when its options name them", () => {
	const error = new SpearError("backend_error", "no", { attribution: "credentials", processed: "no" });
	const { attribution, processed } = error.with({ attribution: "host", processed: "unknown" });
	assert.equal({ attribution, processed }, { attribution: "host", processed: "unknown" });
});

test("the record for a guest holds neither attribution nor processed", () => {
	const error = new SpearError("backend_error", "no", { attribution: "credentials", processed: "unknown" });
	assert.equal(error.toRecord(), { code: "backend_error", message: "no", retryable: false });
	assert.is(JSON.stringify(error), '{"code":"backend_error","message":"no","retryable":false}');
});

test("the reason of an error survives copies and stands in its JSON, and the record for a guest lacks it", () => {
	const error = new SpearError("rate_limited", "spent", { reason: "budget_exceeded" }).with({ operation: "embeddings" });
	assert.is(error.reason, "budget_exceeded");
	assert.equal(error.toRecord(), { code: "rate_limited", message: "spent", retryable: true, operation: "embeddings" });
	assert.equal(error.toJSON(), { ...error.toRecord(), reason: "budget_exceeded" });
	assert.is(error.with({ reason: "guest_rate_limit" }).reason, "guest_rate_limit");
	assert.is(new SpearError("rate_limited", "later").reason, undefined);
});

test("the error of a call's own deadline is attributed to the caller", () => {
	const { code, attribution, processed } = timeoutError(50);
	assert.equal({ code, attribution, processed }, { code: "timeout", attribution: "caller", processed: "unknown" });
});

test("`toString` names the class and the code; the message does not", () => {
	const error = new SpearError("timeout", "no answer");
	assert.is(String(error), "SpearError [timeout]: no answer");
	assert.is(error.message, "no answer");
	assert.is(error.toRecord().message, "no answer");
});

test("`from` returns a SpearError unchanged", () => {
	const error = new SpearError("rate_limited", "later");
	assert.is(SpearError.from(error), error);
});

test("`from` makes `internal` of an unknown error and withholds its text", () => {
	const cause = new Error("a secret");
	const error = SpearError.from(cause);
	assert.is(error.code, "internal");
	assert.not.match(error.message, "a secret");
	assert.is(error.cause, cause);
});

test("`from` makes `internal` of a value that is no error", () => {
	for (const thrown of [undefined, null, "AbortError", 7, { name: "AbortError" }]) assert.is(SpearError.from(thrown).code, "internal");
});

test("`from` makes `cancelled` of the error that an aborted operation rejects with", async () => {
	const cause = await rejectionOf(AbortSignal.abort());
	const error = SpearError.from(cause);
	assert.is(error.code, "cancelled");
	assert.is(error.cause, cause);
});

test("`from` returns the SpearError that an operation was aborted with", async () => {
	const reason = new SpearError("rate_limited", "later");
	assert.is(SpearError.from(await rejectionOf(AbortSignal.abort(reason))), reason);
});

test("`from` makes `timeout` of a time limit's error", () => {
	const cause = new DOMException("The operation timed out", "TimeoutError");
	const { code, attribution, processed, cause: kept } = SpearError.from(cause);
	assert.equal({ code, attribution, processed }, { code: "timeout", attribution: "backend", processed: "unknown" });
	assert.is(kept, cause);
});

test("`from` makes `timeout` of the error that an operation rejects with when a time limit aborted it", async () => {
	const limit = AbortSignal.abort(new DOMException("The operation timed out", "TimeoutError"));
	assert.is(SpearError.from(await rejectionOf(limit)).code, "timeout");
});

test("`abortError` returns the SpearError that a signal was aborted with", () => {
	const reason = new SpearError("rate_limited", "later");
	assert.is(abortError(AbortSignal.abort(reason)), reason);
});

test("`abortError` is `cancelled` when the signal was aborted with anything else", () => {
	for (const reason of [undefined, "enough", new Error("enough")]) {
		const { code, attribution } = abortError(AbortSignal.abort(reason));
		assert.equal({ code, attribution }, { code: "cancelled", attribution: "caller" });
	}
});

test("`abortError` is a `timeout` of the caller's when the signal was aborted by its time limit", () => {
	const { code, attribution } = abortError(AbortSignal.abort(new DOMException("The operation timed out", "TimeoutError")));
	assert.equal({ code, attribution }, { code: "timeout", attribution: "caller" });
});

test.run();
