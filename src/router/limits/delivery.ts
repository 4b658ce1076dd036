import type * as types from "../../../generated/ir/types.ts";
import { reportedUsage } from "./usage.ts";

/** Bytes of UTF-8 per token. Common for English prose with the tokenizers of current models. */
const BYTES_PER_TOKEN = 4;

/**
 * Bytes of spoken output per token: 50 ms of 16-bit audio at 24 kHz, as OpenAI counts.
 *
 * @see https://platform.openai.com/docs/guides/realtime-costs
 */
const AUDIO_BYTES_PER_TOKEN = 2_400;

/** Events of a session that hold output of the model. The others repeat or transcribe its input. */
const OUTPUT_EVENTS: ReadonlySet<unknown> = new Set(["text", "output_transcript", "audio", "tool_call"]);

/** Members of events and results that hold text of the model. */
const TEXT_MEMBERS: ReadonlySet<string> = new Set(["text", "reasoning", "refusal", "arguments", "transcript"]);

/** Deepest nesting that is searched for text. Results have five levels. */
const MAX_DEPTH = 8;

/** Deliveries of an upstream for one request: the usage that it reported last, and the text since then. */
export class Delivery {
	#usage: types.Usage | undefined;
	#bytes = 0;
	#bytesAtUsage = 0;
	/** Bytes at the end of the latest response of a session. */
	#bytesAtResponse = 0;

	/** Adds an event of a stream. The last one may hold the whole answer. */
	add(event: object): void {
		if ("type" in event && event.type === "text" && "text" in event && typeof event.text === "string") {
			this.#bytes += Buffer.byteLength(event.text); // Most events of a chat.
			return;
		}
		const usage = reportedUsage(event);
		if (usage !== undefined) this.#setUsage(usage);
		else if ("completed" in event && typeof event.completed === "object" && event.completed !== null) this.addResult(event.completed);
		else this.#bytes += textBytes(event, 0);
	}

	/** Adds a whole answer. */
	addResult(result: object): void {
		const usage = reportedUsage(result);
		if (usage === undefined) this.#bytes = Math.max(this.#bytes, textBytes(result, 0));
		else this.#setUsage(usage);
	}

	/** Adds an event of a session. A session reports its usage only at its end, as the sum of its complete responses. */
	addOfSession(event: object): void {
		if (!("type" in event)) return;
		if (event.type === "response_done") this.#bytesAtResponse = this.#bytes;
		if (OUTPUT_EVENTS.has(event.type)) this.#bytes += textBytes(event, 0) + (audioBytes(event) * BYTES_PER_TOKEN) / AUDIO_BYTES_PER_TOKEN;
	}

	/**
	 * Ends a session.
	 *
	 * @param usage Usage of its complete responses. `undefined` for an upstream that reported none.
	 */
	endSession(usage: types.Usage | undefined): void {
		this.#usage = usage;
		this.#bytesAtUsage = usage === undefined ? 0 : this.#bytesAtResponse;
	}

	/** The usage that was reported last; `undefined` for none. */
	get reported(): types.Usage | undefined {
		return this.#usage;
	}

	/**
	 * Returns the usage to charge: the one reported last, with an estimate for the text after it. Without any, an estimate for the whole text.
	 * `undefined` if neither usage nor text was delivered.
	 *
	 * @param inputTokens Expected input tokens, for an upstream that reports no usage.
	 */
	usage(inputTokens: number): types.Usage | undefined {
		const since = Math.ceil((this.#bytes - this.#bytesAtUsage) / BYTES_PER_TOKEN);
		if (this.#usage === undefined) return since === 0 ? undefined : { input_tokens: inputTokens, output_tokens: since };
		if (since === 0) return this.#usage;
		const { output_tokens = 0, total_tokens } = this.#usage;
		const total = total_tokens === undefined ? {} : { total_tokens: total_tokens + since };
		return { ...this.#usage, output_tokens: output_tokens + since, ...total };
	}

	#setUsage(usage: types.Usage): void {
		this.#usage = usage;
		this.#bytesAtUsage = this.#bytes;
	}
}

function audioBytes(event: object): number {
	if (!("audio" in event) || typeof event.audio !== "object" || event.audio === null || !("audio" in event.audio)) return 0;
	const { audio } = event.audio;
	return ArrayBuffer.isView(audio) ? audio.byteLength : 0;
}

function textBytes(value: object, depth: number): number {
	if (depth > MAX_DEPTH || ArrayBuffer.isView(value)) return 0;
	let bytes = 0;
	for (const [name, member] of Object.entries(value)) {
		if (typeof member === "string") bytes += TEXT_MEMBERS.has(name) ? Buffer.byteLength(member) : 0;
		else if (typeof member === "object" && member !== null) bytes += textBytes(member, depth + 1);
	}
	return bytes;
}
