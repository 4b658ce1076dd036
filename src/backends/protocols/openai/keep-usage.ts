import { withUsage } from "../../../errors/with-usage.ts";
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
		throw withUsage(thrown, reportedUsage(answer));
	}
}

/** Returns what `read` returns, as {@link keepUsage} for a reader that does not wait. */
export function keepUsageAtOnce<T>(answer: unknown, read: () => T): T {
	try {
		return read();
	} catch (thrown) {
		throw withUsage(thrown, reportedUsage(answer));
	}
}
