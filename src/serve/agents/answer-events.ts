import { systemClock } from "../../time/clock.ts";
import { type Context, LightResponse } from "../hono.ts";
import type { ServeEnv } from "../serve-context.ts";
import { EventStream, type EventStreamOptions, type ServerEvent } from "./event-stream.ts";

/** Longest silence of a stream, in milliseconds. Proxies close connections after a minute, some after 30 s. */
const HEARTBEAT_MS = 15_000;

/** Returns the answer of server-sent events. @throws As the events fail before the first one. */
export async function answerEvents(
	c: Context<ServeEnv>,
	events: AsyncIterator<ServerEvent, void, void>,
	options: Pick<EventStreamOptions, "failed" | "onCancel">,
): Promise<Response> {
	const stream = new EventStream(events, { clock: systemClock, heartbeatMs: HEARTBEAT_MS, ...options });
	await stream.begin();
	const isOld = c.env.incoming?.httpVersion === "1.0";
	return new LightResponse(stream.body(), {
		headers: {
			"content-type": "text/event-stream",
			"cache-control": "no-store",
			"x-accel-buffering": "no",
			// Without this header, the adapter of Hono holds the first events back for a turn.
			...(isOld ? {} : { "transfer-encoding": "chunked" }),
		},
	});
}

export function wantsEvents(headers: Headers): boolean {
	return (headers.get("accept") ?? "").split(",").some((range) => range.trim().toLowerCase().startsWith("text/event-stream"));
}
