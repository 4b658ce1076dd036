import { StoreError } from "../../cluster/store-error.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** Returns the result of a call of the shared store. @throws SpearError in place of a StoreError. */
export async function fromStore<T>(call: Promise<T>): Promise<T> {
	try {
		return await call;
	} catch (thrown) {
		throw thrown instanceof StoreError ? storeFailure(thrown) : thrown;
	}
}

/** Returns the error of a host whose shared store failed. */
export function storeFailure(cause: StoreError): SpearError {
	const isPassing = cause.reason === "unreachable" || cause.reason === "full";
	const message = isPassing
		? "the shared store of the hosts cannot serve the call now; try again later"
		: `the shared store of the hosts refused the call (${cause.reason}); the log of the host has the details`;
	return new SpearError("internal", message, { retryable: isPassing, cause });
}

/** Returns true for an error of a call that may succeed when the shared store is in order again. */
export function isStoreFailure(thrown: unknown): boolean {
	return thrown instanceof SpearError && thrown.retryable && thrown.cause instanceof StoreError;
}
