import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { CallIds } from "../../../kit/chat/call-ids.ts";
import { JsonProgress, type JsonState } from "../../../kit/json/progress.ts";
import type { CallFragment } from "./call-fragment.ts";
import type { ToolNames } from "./tool-names.ts";

/** A tool call that arrives in pieces. */
export class StreamedCall {
	/** Position among the calls. */
	readonly index: number;
	/** The upstream's index of the first piece. */
	readonly upstreamIndex: number | undefined;
	/** The upstream's first id. */
	upstreamId: string | undefined;
	name: string | undefined;
	/** Name of a call that follows this one: a piece repeated the name, and the arguments may follow in the next pieces. */
	nextName: string | undefined;
	/** Number of the event that held the latest piece. */
	latestEvent = 0;
	#arguments = "";
	readonly #progress = new JsonProgress();
	/** The id for the guest. Absent until the call is announced. */
	#id: string | undefined;

	constructor(index: number, upstreamIndex: number | undefined) {
		this.index = index;
		this.upstreamIndex = upstreamIndex;
	}

	get argumentsState(): JsonState {
		return this.#progress.state;
	}

	get announced(): boolean {
		return this.#id !== undefined;
	}

	/** Returns true if the name may be a piece: the call is not announced, and the name and `piece` together begin a tool's name. */
	acceptsNamePiece(piece: string, names: ToolNames): boolean {
		return !this.announced && this.name !== undefined && this.argumentsState === "blank" && names.join(this.name, piece);
	}

	/** Adds a piece of this call. */
	add({ id, name, args, index }: CallFragment, names: ToolNames): void {
		this.upstreamId ??= id;
		if (name !== undefined) {
			if (this.name === undefined) this.name = name;
			else if (name !== this.name && this.acceptsNamePiece(name, names)) this.name += name;
			else if (this.argumentsState === "complete" || (index !== undefined && index !== this.upstreamIndex)) this.nextName = name;
		}
		this.#arguments += args;
		this.#progress.add(args);
	}

	/** Returns the event for the latest piece. `undefined` while the name is missing or may continue, and for a piece without arguments. */
	event(args: string, names: ToolNames, ids: CallIds): cchat.ToolCallDelta | undefined {
		if (this.announced) return args === "" ? undefined : { index: this.index, arguments: args };
		if (this.name === undefined || (this.argumentsState === "blank" && names.extend(this.name))) return undefined;
		return this.announce(ids);
	}

	/** Returns the first event of the call. `undefined` without a name, and if the call is announced. */
	announce(ids: CallIds): cchat.ToolCallDelta | undefined {
		if (this.name === undefined || this.announced) return undefined;
		this.#id = ids.claim(this.upstreamId);
		return { index: this.index, id: this.#id, name: this.name, arguments: this.#arguments };
	}

	/** Returns the whole call. `undefined` until it is announced. */
	whole(): cchat.ToolCall | undefined {
		if (this.#id === undefined || this.name === undefined) return undefined;
		return { id: this.#id, name: this.name, arguments: this.#arguments };
	}
}
