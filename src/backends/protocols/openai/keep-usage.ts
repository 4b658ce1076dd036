import { SpearError } from "../../../errors/spear-error.ts";
import { reportedUsage } from "./usage.ts";

/**
 * Reads an answer. A failure to read the answer carries the usage that the answer reports: the upstream charges for it all the same.
 *
 * @param answer The whole answer, as JSON.
 */
export async function keepUsage<T>(answer: unknown, read: () => T | Promise<T>): Promise<T> {
	try {
		return await read();
	} catch (thrown) {
		throw withUsage(thrown, answer);
	}
}

/** Returns a failure with the usage that an answer or a chunk of a stream reports. Returns any other value as it is. */
export function withUsage(thrown: unknown, answer: unknown): unknown {
	const usage = thrown instanceof SpearError ? reportedUsage(answer) : undefined;
	return usage === undefined || !(thrown instanceof SpearError) ? thrown : thrown.with({ usage });
}
