import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { countOf, isObject, textOf } from "../../../kit/json/guards.ts";
import { unknownCallMembers } from "./opaque.ts";

interface Call {
	/** Position among the calls. */
	readonly index: number;
	id: string | undefined;
	name: string | undefined;
	arguments: string;
	/** True once an event with id and name was yielded. */
	announced: boolean;
}

/**
 * Assembles tool calls from the fragments of a stream. The calls keep the order of their first fragments, whatever their indexes. Calls
 * of servers that send the same index for all are distinguished by id.
 */
export class ToolCallAssembler {
	readonly #wrong: (what: string, detail?: unknown) => Error;
	readonly #calls: Call[] = [];
	/** The latest call of each of the upstream's indexes. */
	readonly #byIndex = new Map<number, Call>();

	constructor(wrong: (what: string, detail?: unknown) => Error) {
		this.#wrong = wrong;
	}

	/**
	 * Adds the `tool_calls` of a delta. Yields an event for each call that has an id and a name.
	 *
	 * @param onUnknown Called for each member that only the provider understands, with the index of the call and the position of the
	 * fragment in the delta.
	 */
	*add(
		fragments: unknown,
		onUnknown: (call: number, position: number, name: string) => void = () => {},
	): Generator<cchat.ToolCallDelta, void, void> {
		if (!Array.isArray(fragments)) throw this.#wrong("choices[0].delta.tool_calls is not a list", fragments);
		for (const [position, fragment] of fragments.entries()) {
			if (!isObject(fragment)) throw this.#wrong("choices[0].delta.tool_calls holds something that is not an object", fragments);
			const called = isObject(fragment.function) ? fragment.function : {};
			const args = called.arguments ?? "";
			if (typeof args !== "string") throw this.#wrong("choices[0].delta.tool_calls: the arguments are not a string", fragment);
			const call = this.#find(countOf(fragment.index), textOf(fragment.id));
			call.name ??= textOf(called.name);
			call.arguments += args;
			const { id, name, index } = call;
			for (const unknown of unknownCallMembers(fragment)) onUnknown(index, position, unknown);
			if (call.announced) {
				if (args !== "") yield { index, arguments: args };
			} else if (id !== undefined && name !== undefined) {
				call.announced = true;
				yield { index, id, name, arguments: call.arguments };
			}
		}
	}

	/** Returns all calls. Call it at the end of the stream. */
	complete(): cchat.ToolCall[] {
		return this.#calls.map(({ id, name, arguments: args }) => {
			if (id === undefined || name === undefined) throw this.#wrong(`a tool call has no ${id === undefined ? "id" : "name"}`);
			return { id, name, arguments: args };
		});
	}

	#find(index: number | undefined, id: string | undefined): Call {
		const key = index ?? Math.max(this.#calls.length - 1, 0);
		const call = this.#byIndex.get(key);
		if (call !== undefined && (id === undefined || call.id === undefined || call.id === id)) {
			call.id ??= id;
			return call;
		}
		const fresh: Call = { index: this.#calls.length, id, name: undefined, arguments: "", announced: false };
		this.#calls.push(fresh);
		this.#byIndex.set(key, fresh);
		return fresh;
	}
}
