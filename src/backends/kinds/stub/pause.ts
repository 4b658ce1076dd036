import { setTimeout as sleep } from "node:timers/promises";
import { abortError } from "../../../errors/spear-error.ts";

/** Waits as an upstream would make one wait. Throws what `signal` is aborted with, at once. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
	if (ms === 0 && !signal.aborted) return;
	try {
		await sleep(ms, undefined, { signal });
	} catch {
		throw abortError(signal);
	}
}
