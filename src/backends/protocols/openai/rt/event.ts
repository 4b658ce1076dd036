import type { SpearError } from "../../../../errors/spear-error.ts";
import { jsonFault, parseJson } from "../../../../formats/json.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject, type JsonObject } from "../../../kit/json/guards.ts";
import { openAiErrors } from "../errors.ts";

/** A server event: its type by the current name, and typed access to its members. */
export class ServerEvent {
	readonly type: string;
	readonly #members: JsonObject;
	readonly #exchange: Exchange;

	private constructor(type: string, members: JsonObject, exchange: Exchange) {
		this.type = type;
		this.#members = members;
		this.#exchange = exchange;
	}

	/** @throws SpearError `backend_error` for text that is not an event. */
	static parse(text: string, exchange: Exchange): ServerEvent {
		let value: unknown;
		try {
			value = parseJson(text);
		} catch (thrown) {
			throw malformedError(exchange, jsonFault(thrown, "an event is not JSON"), text);
		}
		if (!isObject(value) || typeof value.type !== "string") throw malformedError(exchange, "an event has no type", text);
		return new ServerEvent(OTHER_NAMES.get(value.type) ?? value.type, value, exchange);
	}

	/** @throws SpearError `backend_error` if the member is not a string. */
	text(name: string): string {
		const value = this.#members[name];
		if (typeof value !== "string") throw this.#malformed(name);
		return value;
	}

	/**
	 * Returns a text, or `undefined` for a member that is absent or null.
	 *
	 * @throws SpearError `backend_error` if the member is of another type.
	 */
	optionalText(name: string): string | undefined {
		return (this.#members[name] ?? undefined) === undefined ? undefined : this.text(name);
	}

	/**
	 * Returns a duration, and 0 for a member that is absent or null.
	 *
	 * @throws SpearError `backend_error` if the member is not a duration that fits 32 bits.
	 */
	milliseconds(name: string): number {
		const value = this.#members[name] ?? 0;
		if (typeof value !== "number" || !(value >= 0) || value > 0xffff_ffff) throw this.#malformed(name);
		return Math.round(value);
	}

	/** Returns an object, which is empty for a member that is absent or of another type. */
	object(name: string): JsonObject {
		const value = this.#members[name];
		return isObject(value) ? value : {};
	}

	/** Returns the error of an error event: its member, or the event itself. */
	get error(): unknown {
		return openAiErrors.reported(this.#members) ?? this.#members;
	}

	/** Returns the value of any type. */
	any(name: string): unknown {
		return this.#members[name];
	}

	/**
	 * Returns the bytes of a member in base64.
	 *
	 * @throws SpearError `backend_error` if the member is not base64.
	 */
	bytes(name: string): Uint8Array {
		const text = this.text(name);
		const bytes = Buffer.from(text, "base64");
		// The decoder skips invalid characters, so their bytes are missing.
		if (bytes.byteLength !== Math.floor((lengthWithoutPadding(text) * 3) / 4)) throw this.#malformed(name);
		return bytes;
	}

	#malformed(name: string): SpearError {
		return malformedError(this.#exchange, `${this.type} without a valid ${name}`, JSON.stringify(this.#members));
	}
}

/** Returns the number of characters of base64 before the padding. */
function lengthWithoutPadding(base64: string): number {
	let length = base64.length;
	while (base64[length - 1] === "=") length--;
	return length;
}

/** Event names of the API's beta, which compatible servers still use, and of vLLM's transcriptions. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
	["response.audio.delta", "response.output_audio.delta"],
	["response.audio_transcript.delta", "response.output_audio_transcript.delta"],
	["response.text.delta", "response.output_text.delta"],
	["transcription_session.created", "session.created"],
	["transcription_session.updated", "session.updated"],
	["transcription.delta", "conversation.item.input_audio_transcription.delta"],
	["transcription.done", "conversation.item.input_audio_transcription.completed"],
]);
