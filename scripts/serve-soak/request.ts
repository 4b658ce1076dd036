import { createParser } from "eventsource-parser";
import type { Pool } from "undici";
import { answerPieces, newToken } from "./token.ts";

/** End of a request. */
export type Outcome =
	/** The answer is whole, and its own. */
	| { readonly type: "whole" }
	/** The answer is another's, or has a gap, and says nothing of it. */
	| { readonly type: "wrong"; readonly detail: string }
	/** The stream ended with an error after its first output. */
	| { readonly type: "broken"; readonly detail: string }
	/** There was no output: an error status, or an error before the first output. */
	| { readonly type: "failed"; readonly status: number; readonly detail: string }
	/** The connection ended before any answer. */
	| { readonly type: "disconnected"; readonly detail: string };

/** A request that has ended. */
export interface Ended {
	readonly token: string;
	readonly outcome: Outcome;
	/** Time of the start, in milliseconds of `performance.now()`. */
	readonly startedAt: number;
	/** Time to the end of the answer, and to its first output, in milliseconds. */
	readonly ms: number;
	readonly firstMs: number;
	/** Name of the backend that answered. Absent without an answer of the server. */
	readonly backend: string | undefined;
	readonly isStream: boolean;
}

export interface Target {
	readonly pool: Pool;
	/** Key of the client. */
	readonly key: string;
}

/** Sends a chat with a token of its own, and checks that the answer repeats it. */
export async function chat({ pool, key }: Target, isStream: boolean): Promise<Ended> {
	const token = newToken();
	const startedAt = performance.now();
	const body = JSON.stringify({
		model: "m",
		messages: [{ role: "user", content: `Repeat: ${token}` }],
		...(isStream ? { stream: true } : {}),
	});
	let backend: string | undefined;
	let firstMs = Number.NaN;
	const ended = (outcome: Outcome): Ended => {
		const ms = performance.now() - startedAt;
		return { token, outcome, startedAt, ms, firstMs: Number.isNaN(firstMs) ? ms : firstMs, backend, isStream };
	};
	let answer: Awaited<ReturnType<Pool["request"]>>;
	try {
		const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
		answer = await pool.request({ method: "POST", path: "/v1/chat/completions", headers, body });
	} catch (thrown) {
		return ended({ type: "disconnected", detail: String(thrown) });
	}
	const named = answer.headers["x-spear-backend"];
	backend = typeof named === "string" ? named : undefined;
	const reader = new AnswerReader();
	try {
		for await (const bytes of answer.body) {
			if (Number.isNaN(firstMs)) firstMs = performance.now() - startedAt;
			reader.feed(String(Buffer.from(bytes)), isStream && answer.statusCode === 200);
		}
	} catch (thrown) {
		if (answer.statusCode === 200) return ended({ type: "wrong", detail: `the connection ended in the answer: ${thrown}` });
		return ended({ type: "disconnected", detail: String(thrown) });
	}
	if (answer.statusCode !== 200) return ended({ type: "failed", status: answer.statusCode, detail: reader.text.slice(0, 400) });
	return ended(reader.outcome(token, isStream));
}

/** Collects the answer to one request. */
class AnswerReader {
	/** Whole text of an answer that is no stream. */
	text = "";
	readonly #pieces: string[] = [];
	#error: string | undefined;
	#isDone = false;
	readonly #parser = createParser({ onEvent: ({ data }) => this.#read(data) });

	feed(text: string, isStream: boolean): void {
		if (isStream) this.#parser.feed(text);
		else this.text += text;
	}

	outcome(token: string, isStream: boolean): Outcome {
		const pieces = answerPieces(token);
		if (!isStream) {
			const content: unknown = JSON.parse(this.text).choices?.[0]?.message?.content;
			return content === pieces.join("") ? { type: "whole" } : { type: "wrong", detail: `to ${token}: ${this.text.slice(0, 200)}` };
		}
		// The pieces of chunks that came together may be joined.
		const text = this.#pieces.join("");
		if (this.#error !== undefined) {
			if (!pieces.join("").startsWith(text)) return { type: "wrong", detail: `to ${token}, before an error: ${text.slice(-200)}` };
			return text === "" ? { type: "failed", status: 200, detail: this.#error } : { type: "broken", detail: this.#error };
		}
		if (text === pieces.join("") && this.#isDone) return { type: "whole" };
		return {
			type: "wrong",
			detail: `to ${token}, ${this.#isDone ? "with" : "without"} its end: ${text.length} characters, ${text.slice(-80)}`,
		};
	}

	#read(data: string): void {
		if (data === "[DONE]") {
			this.#isDone = true;
			return;
		}
		const event = JSON.parse(data);
		if (event.error !== undefined) this.#error = String(event.error.message);
		const content: unknown = event.choices?.[0]?.delta?.content;
		if (typeof content === "string") this.#pieces.push(content);
	}
}
