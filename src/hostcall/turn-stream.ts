import type * as cchat from "../../generated/ir/cchat.ts";
import type { HostToolTurn } from "./host-tool-turn.ts";

export interface TurnStreamOptions {
	readonly turn: HostToolTurn;
	/** Opens the stream of the next turn. */
	readonly open: () => Promise<AsyncIterable<cchat.Event>>;
	/** Takes the response of a turn. Returns the one that the guest receives, or `undefined` if another turn follows. */
	readonly settle: (response: cchat.Response) => Promise<cchat.Response | undefined>;
}

/** Joins the streams of the turns in which the host runs tools. Calls of the host's tools are no events of the joined stream. */
export async function* turnStream({ turn, open, settle }: TurnStreamOptions): AsyncGenerator<cchat.Event, void, void> {
	for (let given: cchat.Response | undefined; given === undefined; ) {
		const calls = new GuestCalls(turn);
		let response: cchat.Response | undefined;
		for await (const event of await open()) {
			if (event.type === "completed") response = event.completed;
			else if (event.type !== "tool_call") yield event;
			else {
				const delta = calls.renumbered(event.tool_call);
				if (delta !== undefined) yield { type: "tool_call", tool_call: delta };
			}
		}
		if (response === undefined) return;
		given = await settle(response);
		if (given !== undefined) yield { type: "completed", completed: given };
	}
}

/** Numbers the calls of a turn as the guest sees them, without those of the host. */
class GuestCalls {
	readonly #turn: HostToolTurn;
	/** Index for the guest by that of the upstream. `undefined` for a call of the host. */
	readonly #indices = new Map<number, number | undefined>();
	#next = 0;

	constructor(turn: HostToolTurn) {
		this.#turn = turn;
	}

	renumbered(delta: cchat.ToolCallDelta): cchat.ToolCallDelta | undefined {
		if (!this.#indices.has(delta.index)) this.#indices.set(delta.index, this.#turn.runs(delta.name ?? "") ? undefined : this.#next++);
		const index = this.#indices.get(delta.index);
		return index === undefined ? undefined : { ...delta, index };
	}
}
