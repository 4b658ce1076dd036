import { cancelledError } from "../../errors/spear-error.ts";

/** Returns a controller that is aborted when the client closes the connection before its answer is complete. */
export function clientAbort({ signal }: Pick<Request, "signal">): AbortController {
	const abort = new AbortController();
	const onClose = (): void => abort.abort(cancelledError("the client closed the connection"));
	if (signal.aborted) onClose();
	else signal.addEventListener("abort", onClose, { once: true });
	return abort;
}
