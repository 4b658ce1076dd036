/** Largest part of the body of a failure that is read, in bytes. An error message is far shorter. */
const MAX_BYTES = 64 * 1024;

/** Longest time for the body of a failure, in milliseconds. Otherwise a slow body would delay the retry. */
const MAX_MS = 2000;

/** The beginning of the body of a failure. */
export interface FailureBody {
	readonly text: string;
	/** True if the text ends before the body does. */
	readonly cut: boolean;
}

/**
 * Reads the beginning of the body of a failure: at most {@link MAX_BYTES} within {@link MAX_MS}. Leaves the rest unread. Returns the
 * part before an error if the body throws.
 */
export async function readFailureBody(body: AsyncIterator<Uint8Array, unknown>): Promise<FailureBody> {
	let cut = true;
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	const timeout = Promise.withResolvers<"timeout">();
	const timer = setTimeout(timeout.resolve, MAX_MS, "timeout");
	try {
		while (bytes < MAX_BYTES) {
			const step = await Promise.race([body.next(), timeout.promise]);
			if (step === "timeout") break;
			if (step.done === true) {
				cut = false;
				break;
			}
			chunks.push(step.value);
			bytes += step.value.byteLength;
		}
	} catch {
		// The status is reported all the same.
	} finally {
		clearTimeout(timer);
	}
	return { text: Buffer.concat(chunks).subarray(0, MAX_BYTES).toString(), cut };
}
