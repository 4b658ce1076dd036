import process from "node:process";
import { addAbortSignal } from "node:stream";
import { buffer } from "node:stream/consumers";
import { abortError, SpearError } from "../errors/spear-error.ts";

/**
 * Returns all of standard input as text.
 *
 * @throws SpearError `invalid_request` for input that cannot be read or is not UTF-8; the reason of `signal` once that is aborted.
 */
export async function readInput(signal: AbortSignal): Promise<string> {
	let bytes: Uint8Array;
	try {
		bytes = await buffer(addAbortSignal(signal, process.stdin));
	} catch (cause) {
		if (signal.aborted) throw abortError(signal);
		throw new SpearError("invalid_request", "standard input cannot be read", { cause });
	}
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (cause) {
		throw new SpearError("invalid_request", "standard input is not UTF-8 text; a guest's input is text", { cause });
	}
}
