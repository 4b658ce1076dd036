import { Buffer } from "node:buffer";
import type { UpstreamAnswer } from "../upstream.ts";
import type { Exchange } from "./exchange.ts";

/** Plays the server's part of one exchange. */
export type Reply = (exchange: Exchange) => void | Promise<void>;

/** Sends the whole answer with its length. */
export function whole(answer: UpstreamAnswer): Reply {
	return (exchange) => exchange.answer(answer);
}

/** Sends the answer in chunks that end at these offsets, each in a turn of the event loop of its own. */
export function inChunks(answer: UpstreamAnswer, offsets: Iterable<number>): Reply {
	return async (exchange) => {
		exchange.begin(answer);
		let start = 0;
		for (const end of [...offsets, answer.body.byteLength]) {
			await exchange.send(answer.body.subarray(start, end));
			await new Promise(setImmediate); // The client of the same process reads the chunk.
			start = end;
		}
		exchange.end();
	};
}

/** Sends the first bytes of the answer and ends it in order, as a proxy does that lost its upstream. */
export function endedAfter(answer: UpstreamAnswer, bytes: number): Reply {
	return (exchange) => {
		exchange.begin(answer, answer.body.subarray(0, bytes));
		exchange.end();
	};
}

/** Sends the first bytes of the answer and closes the connection. */
export function brokenAfter(answer: UpstreamAnswer, bytes: number): Reply {
	return (exchange) => exchange.breakAfter(answer, bytes);
}

/** Sends the first bytes of the answer, then nothing more. */
export function stalledAfter(answer: UpstreamAnswer, bytes: number): Reply {
	return (exchange) => exchange.begin(answer, answer.body.subarray(0, bytes));
}

/** Most bytes of a body without an end. Far above the bound of any reader. */
const MAX_FLOOD_BYTES = 256 * 1024 * 1024;

const FILLER = Buffer.alloc(1024 * 1024, "x");

/** Sends the beginning of an answer, then a letter repeatedly, as fast as the client reads, until the client closes the connection. */
export function flood(beginning: UpstreamAnswer): Reply {
	return async (exchange) => {
		exchange.begin(beginning, beginning.body);
		for (let sent = 0; !exchange.closed && sent < MAX_FLOOD_BYTES; sent += FILLER.byteLength) {
			await exchange.send(FILLER);
			await new Promise(setImmediate); // The client runs in the same process.
		}
		exchange.disconnect();
	};
}

/** Sends nothing. */
export const silence: Reply = () => {};

/** Closes the connection without an answer. */
export const disconnect: Reply = (exchange) => exchange.disconnect();
