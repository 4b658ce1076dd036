/**
 * Load up to which a session stays at its instance: 4 requests in flight, plus twice the average over the candidates. The constant keeps
 * sessions sticky on a quiet host. The factor lets an instance hold more than its share before others help out, because moving a session
 * costs its prompt cache.
 */
const STICKY_BASE = 4;
const STICKY_FACTOR = 2;

/**
 * Returns the number of requests in flight from which an instance takes no more requests for the sake of a session.
 *
 * @param inFlight Requests of the operation in flight, over all instances.
 * @param candidates Number of candidates.
 */
export function maxInFlight(inFlight: number, candidates: number): number {
	return STICKY_BASE + (STICKY_FACTOR * inFlight) / Math.max(1, candidates);
}
