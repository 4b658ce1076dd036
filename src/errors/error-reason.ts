/**
 * Finer reason of a `rate_limited` error, where the host knows one. For the embedder and for clients: the ABI's error codes are closed, so a
 * guest receives the code alone.
 * - `budget_exceeded`: the rest of the guest's budget does not suffice for the request.
 * - `guest_rate_limit`: the guest's requests or tokens per minute are used up.
 * - `guest_concurrency_limit`: the guest has as many requests in flight as it may have.
 * - `operation_concurrency_limit`: the operation has as many requests in flight as the host allows.
 * - `backend_limit`: each backend that could serve the request has no room, or its rate or quota is used up.
 * - `run_queue_full`: as many runs wait for an instance as may wait.
 * - `host_memory_limit`: the guests of the host hold all memory that they may hold together.
 */
export type ErrorReason =
	| "budget_exceeded"
	| "guest_rate_limit"
	| "guest_concurrency_limit"
	| "operation_concurrency_limit"
	| "backend_limit"
	| "run_queue_full"
	| "host_memory_limit";
