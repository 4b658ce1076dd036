import { RequestQueue } from "../../kit/engine/request-queue.ts";
import type { LocalOptions } from "./options.ts";

/**
 * Requests of an operation that are served at once. Each consists of several tasks of the engine, between which the others have their turns, and
 * holds its results until its end. One guest has at most half of them.
 */
const MAX_CONCURRENT = 8;

/** Returns the queue of the requests of one operation. Requests are refused before their first task, never in the middle. */
export function operationQueue({ maxPending }: LocalOptions): RequestQueue {
	return new RequestQueue(maxPending, MAX_CONCURRENT);
}
