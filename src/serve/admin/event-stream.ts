import type { NumberedEvent, Subscription } from "./activity/event-hub.ts";

/** Time without events after which a comment is sent, in milliseconds: proxies close connections that are idle for a minute. */
const HEARTBEAT_MS = 15_000;

/** Time after which a client tries again, in milliseconds. */
const RETRY_MS = 1_000;

const encoder = new TextEncoder();

/**
 * Returns a subscription as server-sent events. Each read takes what waits, so that a client that does not read holds its bounded queue and nothing
 * more. The end of the stream ends the subscription.
 *
 * @param signal Ends the stream.
 */
export function eventStream(subscription: Subscription, signal: AbortSignal): ReadableStream<Uint8Array> {
	const close = (): void => subscription.close();
	signal.addEventListener("abort", close, { once: true });
	if (signal.aborted) close();
	let begun = false;
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				if (!begun) {
					begun = true;
					// A line at once, so that clients and proxies know that the stream is open.
					controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n: open\n\n`));
					return;
				}
				const events = await subscription.next(HEARTBEAT_MS);
				if (subscription.closed) {
					signal.removeEventListener("abort", close);
					controller.close();
					return;
				}
				controller.enqueue(encoder.encode(events.length === 0 ? ": \n\n" : events.map(textOf).join("")));
			},
			cancel() {
				signal.removeEventListener("abort", close);
				close();
			},
		},
		{ highWaterMark: 0 },
	);
}

/** JSON has no line breaks outside of its strings, and escapes them there. */
function textOf({ id, event }: NumberedEvent): string {
	return `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
