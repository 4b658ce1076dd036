import type { SpearError } from "../../../../errors/spear-error.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject, type JsonObject } from "../../../kit/json/guards.ts";

/** An event as the server sent it: its type by today's name, and its members, to be asked for by name and kind. */
export class ServerEvent {
	readonly type: string;
	readonly #members: JsonObject;
	readonly #exchange: Exchange;

	private constructor(type: string, members: JsonObject, exchange: Exchange) {
		this.type = type;
		this.#members = members;
		this.#exchange = exchange;
	}

	/** @throws SpearError `backend_error` for text that is no event. */
	static parse(text: string, exchange: Exchange): ServerEvent {
		let value: unknown;
		try {
			value = JSON.parse(text);
		} catch {
			throw malformedError(exchange, "an event is not JSON", text);
		}
		if (!isObject(value) || typeof value.type !== "string") throw malformedError(exchange, "an event has no type", text);
		return new ServerEvent(BETA_NAMES.get(value.type) ?? value.type, value, exchange);
	}

	text(name: string): string {
		const value = this.#members[name];
		if (typeof value !== "string") throw this.#lacks(name);
		return value;
	}

	milliseconds(name: string): number {
		const value = this.#members[name];
		if (typeof value !== "number" || !(value >= 0) || value > 0xffff_ffff) throw this.#lacks(name);
		return Math.round(value);
	}

	object(name: string): JsonObject {
		const value = this.#members[name];
		if (!isObject(value)) throw this.#lacks(name);
		return value;
	}

	/** The value, whatever it is. */
	any(name: string): unknown {
		return this.#members[name];
	}

	/** Bytes in base64. */
	bytes(name: string): Uint8Array {
		const text = this.text(name);
		const bytes = Buffer.from(text, "base64");
		// The decoder skips what is not base64; whatever it skipped is missing from the length.
		if (bytes.byteLength !== Math.floor((text.replace(/=+$/, "").length * 3) / 4)) throw this.#lacks(name);
		return bytes;
	}

	#lacks(name: string): SpearError {
		return malformedError(this.#exchange, `${this.type} without a proper ${name}`, JSON.stringify(this.#members));
	}
}

/** Names that events had while the API was in beta, which compatible servers still use. */
const BETA_NAMES: ReadonlyMap<string, string> = new Map([
	["response.audio.delta", "response.output_audio.delta"],
	["response.audio_transcript.delta", "response.output_audio_transcript.delta"],
	["response.text.delta", "response.output_text.delta"],
	["transcription_session.created", "session.created"],
	["transcription_session.updated", "session.updated"],
]);
