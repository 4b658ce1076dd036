import { EventStreamCodec } from "@smithy/core/event-streams";

const codec = new EventStreamCodec(
	(bytes) => Buffer.from(bytes).toString(),
	(text) => Buffer.from(text),
);

/** Returns the bytes of a frame, as Amazon's own codec writes them. */
export function frame(headers: Readonly<Record<string, string>>, payload: unknown): Buffer {
	const body = Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
	const fields = Object.entries(headers).map(([name, value]) => [name, { type: "string" as const, value }]);
	return Buffer.from(codec.encode({ headers: Object.fromEntries(fields), body }));
}

/** Returns the bytes of an event. */
export function eventFrame(type: string, payload: unknown): Buffer {
	return frame({ ":event-type": type, ":content-type": "application/json", ":message-type": "event" }, payload);
}

/** Returns the bytes of an exception. */
export function exceptionFrame(type: string, payload: unknown): Buffer {
	return frame({ ":exception-type": type, ":content-type": "application/json", ":message-type": "exception" }, payload);
}

/** Headers of an answer with frames. */
export const FRAMES = { "content-type": "application/vnd.amazon.eventstream" };

/** Returns the text that Amazon's own codec reads from a frame. */
export function readByCodec(bytes: Uint8Array): { readonly headers: Readonly<Record<string, unknown>>; readonly body: string } {
	const { headers, body } = codec.decode(bytes);
	const values = Object.entries(headers).map(([name, { value }]) => [name, value]);
	return { headers: Object.fromEntries(values), body: Buffer.from(body).toString() };
}
