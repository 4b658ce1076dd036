import { AsyncLocalStorage } from "node:async_hooks";

/** Default time after which a call counts as hanging, in milliseconds. No correct call of the suite waits for anything that long. */
const DEFAULT_HANG_MS = 30_000;

/** The time limit of the running case. */
const limit = new AsyncLocalStorage<number>();

/** Runs a case with this time limit, in milliseconds, for each thing that it waits for. */
export function withHangLimit<T>(hangMs: number | undefined, run: () => T): T {
	return hangMs === undefined ? run() : limit.run(hangMs, run);
}

/**
 * Rejects if a promise does not settle within the time limit of the case.
 *
 * @param what Subject of the message.
 */
export async function withoutHang<T>(promise: Promise<T>, what: string): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const hanging = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${what} hangs`)), limit.getStore() ?? DEFAULT_HANG_MS);
	});
	try {
		return await Promise.race([promise, hanging]);
	} finally {
		clearTimeout(timer);
	}
}

/** Returns a promise whose rejection ends no process, even if a check that fails earlier never awaits the promise. */
export function handled<T>(promise: Promise<T>): Promise<T> {
	promise.catch(() => {});
	return promise;
}
