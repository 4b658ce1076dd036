import { SpearError } from "../../../../errors/spear-error.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { eventError } from "./error.ts";
import { ServerEvent } from "./event.ts";
import type { MessageReader } from "./message-reader.ts";

/** Bounds the text of early events, in UTF-16 units. Beyond it, the session starts at once. */
const MAX_EARLY = 1024 * 1024;

/** Units that each early event counts beside its text. All are translated at once, and any number of small ones would fit otherwise. */
const EVENT_UNITS = 1024;

/** The parts of a connection that the start of a session uses. */
export interface StartOptions {
	readonly exchange: Exchange;
	readonly messages: MessageReader;
	/** Sends the configuration. */
	readonly configure: () => Promise<void>;
	/** Longest wait for each of `session.created` and `session.updated`, in milliseconds. */
	readonly waitMs: number;
}

/** A session that has started. */
export interface Started {
	/** False if the server stays silent about the configuration, as vLLM does. */
	readonly confirmed: boolean;
	/** Events of other types that arrived meanwhile. */
	readonly early: readonly ServerEvent[];
}

/**
 * Configures a session. Resolves when the server has confirmed the configuration, or has been silent about it for too long.
 *
 * Sends the configuration when the server has created the session, because OpenAI ignores an earlier one. Some servers send no
 * `session.created`, so the wait is bounded. A server that creates the session only then receives the configuration again.
 *
 * @throws SpearError the error that the server reports; `timeout` for a server that sends nothing; `backend_error` if it ends the session.
 */
export async function startSession({ exchange, messages, configure, waitMs }: StartOptions): Promise<Started> {
	let created = false;
	let configured = false;
	const early: ServerEvent[] = [];
	let earlyUnits = 0;
	let waitsUntil = performance.now() + waitMs;
	const sendConfiguration = async (): Promise<void> => {
		configured = true;
		waitsUntil = performance.now() + waitMs;
		await configure();
	};
	for (;;) {
		const read = await messages.next(Math.max(1, Math.ceil(waitsUntil - performance.now())));
		if (read.type === "end") throw new SpearError("backend_error", "the backend ended the session before it started", { retryable: true });
		if (read.type === "silence") {
			if (configured && (created || early.length > 0)) return { confirmed: false, early };
			if (configured) throw new SpearError("timeout", `the backend accepted the connection and sent nothing within ${2 * waitMs} ms`);
			await sendConfiguration();
			continue;
		}
		const event = ServerEvent.parse(read.text, exchange);
		if (event.type === "error") throw eventError(exchange, event.error);
		if (event.type === "session.updated" && configured) return { confirmed: true, early };
		if (event.type === "session.created" || event.type === "session.updated") {
			if (created) continue;
			created = true;
			await sendConfiguration();
		} else {
			early.push(event);
			earlyUnits += read.text.length + EVENT_UNITS;
			if (earlyUnits <= MAX_EARLY) continue;
			if (!configured) await configure();
			return { confirmed: false, early };
		}
	}
}
