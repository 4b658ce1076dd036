import { RawJson, stringifyJson } from "../../../../transport/http/raw-json.ts";
import type { CollectedOpaque } from "../../../kit/chat/answer-collector.ts";
import { blockKind } from "../../../kit/http/raw-blocks.ts";
import { type JsonObject, textOf } from "../../../kit/json/guards.ts";

/** A block that has started. Deltas of unknown types are ignored, unless the block cannot be whole without them. */
export type StreamedBlock = {
	/** Identifies the block in the answer. Indexes of the upstream may occur again once a block has ended. */
	readonly key: number;
} & (
	| { readonly type: "text" | "thinking" }
	/** `input`: JSON that the start of the block holds. Used if no piece follows. */
	| { readonly type: "call"; readonly input: string }
	| { readonly type: "opaque"; readonly part: StreamedOpaque }
);

/** A block that only the provider understands. The input may arrive in pieces. Other deltas cannot be joined, so such a block is left out. */
export class StreamedOpaque implements CollectedOpaque {
	readonly kind: string;
	readonly #start: JsonObject;
	readonly #json: string;
	#input = "";
	#isWhole = true;

	/** @param json Text of the start of the block. */
	constructor(type: string, start: JsonObject, json: string) {
		this.kind = blockKind(type);
		this.#start = start;
		this.#json = json;
	}

	add({ type, partial_json }: JsonObject): void {
		const piece = textOf(partial_json);
		if (type === "input_json_delta" && piece !== undefined) this.#input += piece;
		else this.#isWhole = false;
	}

	readonly json = (): string | undefined => {
		if (!this.#isWhole) return undefined;
		if (this.#input === "") return this.#json;
		const input = RawJson.from(new TextEncoder().encode(this.#input));
		return input === undefined ? undefined : stringifyJson({ ...this.#start, input });
	};
}
