import type { AdminEvent } from "../serve/admin/api.ts";
import { AdminError } from "./admin-error.ts";
import { EventParser } from "./event-parser.ts";

/** Pauses before another try, in milliseconds: at first, and at most. Each failure in a row doubles it. */
const PAUSE = { baseMs: 250, maxMs: 10_000 } as const;

/** Time without any byte after which a connection counts as lost, in milliseconds. The server sends a comment every 15 s. */
const SILENCE_MS = 45_000;

export interface EventOptions {
	/** Ends the iteration. */
	readonly signal?: AbortSignal;
	/** Only events of these types. `gap` is always among them. The default is all. */
	readonly types?: readonly ("decision" | "backend" | "reload")[];
	/** Called when the connection is open, and when it is lost with the reason. */
	readonly onConnection?: (state: "open" | "lost", reason?: AdminError) => void;
}

type Connect = (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

/** Yields the events of a server over as many connections as it takes. */
export async function* eventsOf(connect: Connect, { signal, onConnection }: EventOptions): AsyncGenerator<AdminEvent, void, void> {
	let lastId: string | undefined;
	let failures = 0;
	while (!isAborted(signal)) {
		// Aborted when the loop is left: the connection must not outlive it.
		const connection = new AbortController();
		const either = signal === undefined ? connection.signal : AbortSignal.any([signal, connection.signal]);
		try {
			const answer = await connect(lastId === undefined ? {} : { "last-event-id": lastId }, either);
			failures = 0;
			onConnection?.("open");
			for await (const { id, data } of sentEvents(answer, connection)) {
				lastId = id ?? lastId;
				yield JSON.parse(data);
			}
			onConnection?.("lost");
		} catch (thrown) {
			if (isAborted(signal)) return;
			const reason = thrown instanceof AdminError ? thrown : new AdminError("the connection was lost", "unreachable", { cause: thrown });
			if (!reason.retryable) throw reason;
			onConnection?.("lost", reason);
		} finally {
			connection.abort();
		}
		failures += 1;
		await pause(PAUSE.baseMs * 2 ** Math.min(failures - 1, 16), signal);
	}
}

/** Yields the events of an answer. Aborts `connection` if the server is silent. */
export async function* sentEvents({ body }: Response, connection: AbortController) {
	if (body === null) return;
	const parser = new EventParser();
	const decoder = new TextDecoder();
	const reader = body.getReader();
	for (;;) {
		const silence = setTimeout(() => connection.abort(new Error("the server was silent")), SILENCE_MS);
		const { value, done } = await reader.read().finally(() => clearTimeout(silence));
		if (done) return;
		yield* parser.push(decoder.decode(value, { stream: true }));
	}
}

/** Waits for a random time up to `ms`, at least half of it: clients that lost a server together do not return together. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve) => {
		if (isAborted(signal)) return resolve();
		const end = (): void => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, Math.min(PAUSE.maxMs, ms) * (0.5 + Math.random() / 2));
		signal?.addEventListener("abort", end, { once: true });
	});
}

function isAborted(signal: AbortSignal | undefined): boolean {
	return signal?.aborted === true;
}
