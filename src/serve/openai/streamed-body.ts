import { ReadableStream } from "node:stream/web";

/**
 * Returns chunks as the body of an answer. The next chunk is asked for when the client can take it.
 *
 * @param onEnd Called once, when the chunks have ended or failed, or the client has gone. Also if no chunk was ever asked for.
 */
export function streamedBody(chunks: AsyncIterable<string | Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
	const source = chunks[Symbol.asyncIterator]();
	let isEnded = false;
	const end = (): void => {
		if (!isEnded) onEnd();
		isEnded = true;
	};
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				try {
					const step = await source.next();
					if (step.done !== true) return controller.enqueue(typeof step.value === "string" ? Buffer.from(step.value) : step.value);
				} catch (thrown) {
					end();
					throw thrown;
				}
				end();
				controller.close();
			},
			async cancel() {
				end();
				await source.return?.();
			},
		},
		{ highWaterMark: 0 },
	);
}
