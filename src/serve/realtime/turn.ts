import type { RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import { invalid, RequestError, unsupported } from "../openai/errors.ts";

/** Bounds the text that waits for `response.create`, in UTF-16 units. */
const MAX_UNITS = 1024 * 1024;

/** Bounds the results of tools that wait. */
const MAX_RESULTS = 128;

type ToolResult = Extract<RealtimeVoiceInput, { type: "send_tool_result" }>;

/**
 * Input of the client that waits for `response.create`. In OpenAI's protocol, a committed turn and a new item ask for no response. The host's
 * calls always do, so they are made when the client asks.
 */
export class Turn {
	#isCommitted = false;
	#texts: string[] = [];
	#results: ToolResult[] = [];
	#units = 0;

	/** Notes that the audio so far is a turn. More audio before the response belongs to the same turn. */
	commit(): void {
		if (this.#texts.length > 0 || this.#results.length > 0) throw mixed();
		this.#isCommitted = true;
	}

	addText(text: string): void {
		if (this.#isCommitted || this.#results.length > 0) throw mixed();
		this.#count(text);
		this.#texts.push(text);
	}

	addResult(call_id: string, output: string): void {
		if (this.#isCommitted || this.#texts.length > 0) throw mixed();
		if (this.#results.length >= MAX_RESULTS) throw invalid("item", `more than ${MAX_RESULTS} results wait for response.create`);
		this.#count(output);
		this.#results.push({ type: "send_tool_result", call_id, output });
	}

	/** Forgets committed audio: the client has cleared the buffer. */
	clear(): void {
		this.#isCommitted = false;
	}

	/**
	 * Returns the inputs that ask for a response, and forgets them.
	 *
	 * @throws RequestError if nothing waits.
	 */
	take(): RealtimeVoiceInput[] {
		const inputs: RealtimeVoiceInput[] = this.#isCommitted
			? [{ type: "commit" }]
			: this.#texts.length > 0
				? [{ type: "send_text", text: this.#texts.join("\n\n") }]
				: this.#results;
		if (inputs.length === 0)
			throw new RequestError(
				400,
				null,
				"response.create: there is nothing to respond to; commit audio, or create an item with text or the output of a function first",
				"invalid_value",
			);
		this.#isCommitted = false;
		this.#texts = [];
		this.#results = [];
		this.#units = 0;
		return inputs;
	}

	#count(text: string): void {
		if (this.#units + text.length > MAX_UNITS) throw invalid("item", "too much text waits for response.create");
		this.#units += text.length;
	}
}

function mixed(): RequestError {
	return unsupported("item", "one response answers either audio, text or outputs of functions; send response.create between them");
}
