import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { countOf, isObject, textOf } from "../../../kit/json/guards.ts";
import { unknownCallMembers } from "./opaque.ts";

interface Call {
	id: string | undefined;
	name: string | undefined;
	arguments: string;
	/** Its first piece has been told. */
	announced: boolean;
}

/**
 * Puts tool calls together from the pieces of a stream. The calls come out in the order of their first pieces, whatever
 * the upstream's numbering; servers that number all calls alike are told apart by id.
 */
export class ToolCallAssembler {
	readonly #wrong: (what: string, detail?: unknown) => Error;
	readonly #calls: Call[] = [];
	/** The call under construction at each of the upstream's numbers. */
	readonly #byNumber = new Map<number, Call>();

	constructor(wrong: (what: string, detail?: unknown) => Error) {
		this.#wrong = wrong;
	}

	/**
	 * Takes in the `tool_calls` of one delta. A call is told of once it has its id and its name. `onUnknown` is told of members
	 * that only the provider understands: which call's, and the piece they are in.
	 */
	*add(
		pieces: unknown,
		onUnknown: (call: number, piece: number, name: string) => void = () => {},
	): Generator<cchat.ToolCallDelta, void, void> {
		if (!Array.isArray(pieces)) throw this.#wrong("choices[0].delta.tool_calls is not a list", pieces);
		for (const [position, piece] of pieces.entries()) {
			if (!isObject(piece)) throw this.#wrong("choices[0].delta.tool_calls holds something that is not an object", pieces);
			const said = isObject(piece.function) ? piece.function : {};
			const args = said.arguments ?? "";
			if (typeof args !== "string") throw this.#wrong("choices[0].delta.tool_calls: the arguments are not a string", piece);
			const call = this.#find(countOf(piece.index), textOf(piece.id));
			call.name ??= textOf(said.name);
			call.arguments += args;
			const { id, name } = call;
			const index = this.#calls.indexOf(call);
			for (const unknown of unknownCallMembers(piece)) onUnknown(index, position, unknown);
			if (call.announced) {
				if (args !== "") yield { index, arguments: args };
			} else if (id !== undefined && name !== undefined) {
				call.announced = true;
				yield { index, id, name, arguments: call.arguments };
			}
		}
	}

	/** All calls, once the stream is at its end. */
	complete(): cchat.ToolCall[] {
		return this.#calls.map(({ id, name, arguments: args }) => {
			if (id === undefined || name === undefined) throw this.#wrong(`a tool call has no ${id === undefined ? "id" : "name"}`);
			return { id, name, arguments: args };
		});
	}

	#find(index: number | undefined, id: string | undefined): Call {
		const number = index ?? Math.max(this.#calls.length - 1, 0);
		const call = this.#byNumber.get(number);
		if (call !== undefined && (id === undefined || call.id === undefined || call.id === id)) {
			call.id ??= id;
			return call;
		}
		const fresh: Call = { id, name: undefined, arguments: "", announced: false };
		this.#calls.push(fresh);
		this.#byNumber.set(number, fresh);
		return fresh;
	}
}
