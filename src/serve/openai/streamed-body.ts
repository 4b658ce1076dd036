import { ReadableStream } from "node:stream/web";
import type { Context } from "../hono.ts";
import type { ServeEnv } from "../serve-context.ts";

export interface StreamedBodyOptions {
	/** Answer of Node. If the chunks fail, its connection is closed. Otherwise the client would take the part that arrived for the whole. */
	readonly outgoing: Context<ServeEnv>["env"]["outgoing"];
	/** Called once, when the chunks have ended or failed, or the client has gone. Also if no chunk was ever asked for. */
	readonly onEnd: () => void;
}

/** Returns chunks as the body of an answer. The next chunk is asked for when the client can take it. */
export function streamedBody(
	chunks: AsyncIterable<string | Uint8Array>,
	{ outgoing, onEnd }: StreamedBodyOptions,
): ReadableStream<Uint8Array> {
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
					// The adapter of Hono would write the error to standard error, and its text to the client.
					if (outgoing === undefined) throw thrown;
					outgoing.destroy();
					return controller.close();
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
