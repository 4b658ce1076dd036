import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { CallIds } from "../../../kit/chat/call-ids.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { isBlank } from "../../../kit/json/progress.ts";
import type { JsonSource } from "../../../kit/json/source.ts";
import { type CallFragment, callFragment } from "./call-fragment.ts";
import { unknownCallMembers } from "./opaque.ts";
import { StreamedCall } from "./streamed-call.ts";
import type { ToolNames } from "./tool-names.ts";

/** Properties of the request that the calls belong to. */
export interface CallContext {
	/** Names of the request's tools. */
	readonly names: ToolNames;
	readonly ids: CallIds;
	/** Makes the error for malformed calls. */
	readonly wrong: (what: string, detail?: unknown) => Error;
}

/** Access to the event that holds a list of pieces. */
export interface FragmentSource {
	/** Returns the `tool_calls` within the text of the event. Called only if needed. */
	readonly source?: () => JsonSource | undefined;
	/** Called with the members of a piece that only the provider understands, the index of the call and the position of the piece. */
	readonly onUnknown?: (call: number, position: number, names: readonly string[]) => void;
}

/**
 * Assembles tool calls from the pieces of a stream. The calls keep the order of their first pieces.
 *
 * Servers disagree about index and id, so neither alone identifies a call. A piece belongs to the call of its id, else to the call of its
 * index, else to the latest call. A piece with another name begins another call, and so do arguments that would follow complete ones. Two
 * calls are never merged; a call whose name never arrives is an error.
 */
export class ToolCallAssembler {
	readonly #context: CallContext;
	readonly #calls: StreamedCall[] = [];
	/** The latest call of each of the upstream's indexes. A call without an index has its position, if that is free. */
	readonly #byIndex = new Map<number, StreamedCall>();
	/** The latest call of each of the upstream's ids. */
	readonly #byId = new Map<string, StreamedCall>();
	/** The call of the latest piece. */
	#latest: StreamedCall | undefined;
	#event = 0;

	constructor(context: CallContext) {
		this.#context = context;
	}

	/** True if the stream has any calls. */
	get hasCalls(): boolean {
		return this.#calls.length > 0;
	}

	/** Adds the `tool_calls` of a delta. Yields an event for each call that has a name, and for each later piece of its arguments. */
	*add(
		fragments: unknown,
		{ source = () => undefined, onUnknown = () => {} }: FragmentSource = {},
	): Generator<cchat.ToolCallDelta, void, void> {
		const { names, ids, wrong } = this.#context;
		if (!Array.isArray(fragments)) throw wrong("choices[0].delta.tool_calls is not a list", fragments);
		this.#event++;
		for (const [position, value] of fragments.entries()) {
			if (!isObject(value)) throw wrong("choices[0].delta.tool_calls holds something that is not an object", fragments);
			const read = callFragment(value, () => source()?.item(position));
			if (read === undefined) throw wrong("choices[0].delta.tool_calls: the arguments are neither a string nor an object", value);
			const fragment = fragments.length > 1 && read.id === undefined ? { ...read, index: read.index ?? position } : read;
			const call = this.#callOf(fragment);
			call.latestEvent = this.#event;
			call.add(fragment, names);
			onUnknown(call.index, position, unknownCallMembers(value));
			const event = call.event(fragment.args, names, ids);
			if (event !== undefined) yield event;
		}
	}

	/** Yields the events of calls that are not announced yet. Call it at the end of the stream. */
	*flush(): Generator<cchat.ToolCallDelta, void, void> {
		for (const call of this.#calls) {
			const event = call.announce(this.#context.ids);
			if (event !== undefined) yield event;
		}
	}

	/** Returns all calls. Call it after {@link flush}. */
	complete(): cchat.ToolCall[] {
		return this.#calls.map((call) => {
			const whole = call.whole();
			if (whole === undefined) throw this.#context.wrong("a tool call has no name");
			return whole;
		});
	}

	#callOf(fragment: CallFragment): StreamedCall {
		const known = this.#known(fragment);
		const isNew = known === undefined || this.#begins(fragment, known);
		const call = isNew ? this.#open(fragment, known) : known;
		const { index, id } = fragment;
		// A piece of a known call takes no index from another call.
		if (index !== undefined && (isNew || !this.#byIndex.has(index))) this.#byIndex.set(index, call);
		if (id !== undefined && (isNew || !this.#byId.has(id))) this.#byId.set(id, call);
		this.#latest = call;
		return call;
	}

	/** Returns the call that the piece points to. `undefined` for a piece that can only begin a call. */
	#known({ index, id, name }: CallFragment): StreamedCall | undefined {
		const found = (id === undefined ? undefined : this.#byId.get(id)) ?? (index === undefined ? undefined : this.#byIndex.get(index));
		// A new index begins a call if an id or a name comes with it. Some servers count the pieces instead of the calls.
		return found ?? (index !== undefined && (id !== undefined || name !== undefined) ? undefined : this.#latest);
	}

	/** Returns true if the piece begins another call than the one that it points to. */
	#begins({ index, id, name, args }: CallFragment, call: StreamedCall): boolean {
		const otherId = id !== undefined && call.upstreamId !== undefined && id !== call.upstreamId && this.#byId.get(id) !== call;
		const state = call.argumentsState;
		if (state === "complete" && !isBlank(args)) {
			const isNewIndex = index !== undefined && !this.#byIndex.has(index);
			return otherId || isNewIndex || name !== undefined || call.nextName !== undefined;
		}
		if (name === undefined || call.name === undefined) return false;
		if (name !== call.name) return otherId || !call.acceptsNamePiece(name, this.#context.names);
		// A name that is repeated within the arguments belongs to them, although some servers make up an id for each piece.
		const isSameEvent = call.latestEvent === this.#event;
		return state === "open" ? otherId && isSameEvent : otherId || isSameEvent;
	}

	/** Opens the call that a piece begins. `known` is the call that the piece points to. */
	#open({ index, name }: CallFragment, known: StreamedCall | undefined): StreamedCall {
		const position = this.#calls.length;
		const call = new StreamedCall(position, index);
		if (known !== undefined && name === undefined) {
			call.name = known.nextName;
			known.nextName = undefined;
		}
		this.#calls.push(call);
		if (index === undefined && !this.#byIndex.has(position)) this.#byIndex.set(position, call);
		return call;
	}
}
