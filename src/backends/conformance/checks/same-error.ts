import type { ExpectedError, FixtureOperation } from "../fixture.ts";
import type { Outcome } from "../outcome.ts";
import { ensure, same } from "../same.ts";

/** Members of an error to compare. An absent member is not compared, except `retryAfterMs`. */
export type ErrorMembers = Pick<ExpectedError, "code" | "attribution"> & Partial<ExpectedError>;

/** Asserts that a call failed with this error. */
export function failsWith<O extends FixtureOperation>({ error }: Outcome<O>, expected: ErrorMembers, what: string): void {
	ensure(error !== undefined, `${what}: the call succeeds instead of failing with ${expected.code}`);
	const { code, retryable, attribution, processed, retryAfterMs, message, usage } = error;
	const { processed: expectedProcessed = processed, usage: expectedUsage = usage, message: text } = expected;
	same(
		{ code, retryable, attribution, processed, retryAfterMs, usage },
		{
			code: expected.code,
			retryable: expected.retryable ?? retryable,
			attribution: expected.attribution,
			processed: expectedProcessed,
			retryAfterMs: expected.retryAfterMs,
			usage: expectedUsage,
		},
		`${what} ("${message}")`,
	);
	if (typeof text === "string") same(message, text, `${what}, message`);
	if (text instanceof RegExp) ensure(text.test(message), `${what}, message "${message}" does not match ${text}`);
}
