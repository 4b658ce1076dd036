import process from "node:process";
import { abortError, SpearError } from "../errors/spear-error.ts";

export interface ReadInputOptions {
	/** Reason for which the input must be text, as a clause. */
	readonly why?: string;
	/** Most bytes of the input. The default is no bound. */
	readonly maxBytes?: number;
}

/**
 * Returns all of standard input as text.
 *
 * @throws SpearError `invalid_request` for input that cannot be read, is too long or is not UTF-8; the reason of `signal` once that is
 * aborted.
 */
export async function readInput(signal: AbortSignal, options: ReadInputOptions = {}): Promise<string> {
	const { why = "a guest's input is text", maxBytes = Number.POSITIVE_INFINITY } = options;
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of inputChunks(signal)) {
		bytes += chunk.byteLength;
		if (bytes > maxBytes) throw new SpearError("invalid_request", `standard input has more than ${maxBytes} bytes; give a shorter text`);
		chunks.push(chunk);
	}
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
	} catch (cause) {
		throw new SpearError("invalid_request", `standard input is not UTF-8 text; ${why}`, { cause });
	}
}

/**
 * Yields the bytes of standard input as they arrive.
 *
 * @throws SpearError `invalid_request` for input that cannot be read; the reason of `signal` once that is aborted.
 */
export async function* inputChunks(signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
	if (signal.aborted) throw abortError(signal);
	const { stdin } = process;
	const onAbort = (): void => void stdin.destroy();
	signal.addEventListener("abort", onAbort, { once: true });
	try {
		for await (const chunk of stdin) {
			if (signal.aborted) break;
			yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
		}
	} catch (cause) {
		if (!signal.aborted) throw new SpearError("invalid_request", "standard input cannot be read", { cause });
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
	if (signal.aborted) throw abortError(signal);
}
