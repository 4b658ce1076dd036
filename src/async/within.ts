/**
 * Settles with `promise`, or rejects after a time, whichever happens first. A later rejection of the promise is ignored.
 *
 * @param ms The time, in milliseconds.
 * @param late Makes the error of the time.
 */
export async function within<T>(promise: PromiseLike<T>, ms: number, late: () => Error): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(late()), ms);
	});
	try {
		return await Promise.race([promise, limit]);
	} finally {
		clearTimeout(timer);
	}
}
