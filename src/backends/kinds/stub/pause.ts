import { setTimeout as sleep } from "node:timers/promises";
import { abortError } from "../../../errors/spear-error.ts";

/** Waits for `ms` milliseconds. Throws the signal's error as soon as `signal` is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
	if (ms === 0 && !signal.aborted) return;
	try {
		await sleep(ms, undefined, { signal });
	} catch {
		throw abortError(signal);
	}
}
