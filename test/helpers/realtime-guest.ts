import type { AgentInstance } from "../../src/index.ts";

/**
 * A guest of the world `realtime-agent` that runs steps. The input is a JSON array of steps, the output the array of their outcomes. Sessions
 * have names, and stay open from run to run.
 */
export const REALTIME_GUEST = `
import { Session } from "spear:ai/rt@0.1.0";
import { poll } from "spear:ai/poll@0.1.0";

const sessions = {};

/** Returns an event with the length of its audio in place of the audio, for JSON. */
const shown = (event) => (event && event.tag === "audio" ? { tag: "audio", val: { itemId: event.val.itemId, bytes: event.val.audio.length } } : event);

const isLast = (event) => event.tag === "completed" || event.tag === "failed";

function waitFor(pollable) {
	pollable.block();
	pollable[Symbol.dispose]();
}

const steps = {
	connect: ({ as, request, options }) => {
		sessions[as] = Session.connect({ mode: "conversation", ...request }, options ?? null);
		return sessions[as].state();
	},
	append: ({ of, bytes }) => of.appendAudio(new Uint8Array(bytes).fill(7)),
	text: ({ of, text }) => of.sendText(text),
	toolResult: ({ of, id, output }) => of.sendToolResult(id, output),
	commit: ({ of }) => of.commit(),
	clear: ({ of }) => of.clear(),
	cancel: ({ of }) => of.cancel(),
	truncate: ({ of, item, ms }) => of.truncate(item, ms),
	read: ({ of }) => shown(of.next()),
	tryRead: ({ of }) => shown(of.tryNext()) ?? null,
	readTo: ({ of, tag }) => {
		const events = [];
		for (;;) {
			const event = of.next();
			events.push(shown(event));
			if (event.tag === tag || isLast(event)) return events;
		}
	},
	state: ({ of }) => of.state(),
	drain: ({ of }) => of.drain(),
	close: ({ of }) => of.close(),
	drop: ({ as }) => {
		sessions[as][Symbol.dispose]();
		delete sessions[as];
	},
	/**
	 * Sends numbered pieces as fast as the queue accepts them. Reads one event after each \`readEvery\` pieces, and all others at the end.
	 * Returns the number of refusals, the most bytes that were queued, and the numbers of the received pieces.
	 */
	pump: ({ of, pieces, bytes, readEvery }) => {
		const seen = { refused: 0, mostQueued: 0, heard: [], last: null };
		const piece = new Uint8Array(bytes);
		const view = new DataView(piece.buffer);
		const take = (event) => {
			if (event.tag === "audio") seen.heard.push(new DataView(event.val.audio.buffer, event.val.audio.byteOffset).getUint32(0));
			else if (isLast(event)) seen.last = event;
		};
		for (let number = 0; number < pieces; number++) {
			view.setUint32(0, number);
			for (;;) {
				try {
					const accepted = of.appendAudio(piece);
					seen.mostQueued = Math.max(seen.mostQueued, accepted.queuedBytes);
					break;
				} catch (thrown) {
					if (!thrown.payload || thrown.payload.code !== "rate-limited") throw thrown;
					seen.refused += 1;
					waitFor(of.subscribeSend());
				}
			}
			if (number % readEvery === 0) {
				const event = of.tryNext();
				if (event) take(event);
			}
		}
		of.drain();
		of.close();
		while (seen.last === null) take(of.next());
		return seen;
	},
};

export function run(input) {
	const outcomes = JSON.parse(input).map((step) => {
		try {
			return { ok: steps[step.do]({ as: "s", of: sessions[step.as ?? "s"], ...step }) };
		} catch (thrown) {
			if (thrown && thrown.payload) return { err: thrown.payload };
			throw { tag: "failed", val: String(thrown && thrown.message) + "\\n" + (thrown && thrown.stack) };
		}
	});
	return JSON.stringify(outcomes);
}
`;

/** A step of the guest. */
export interface RealtimeStep {
	readonly do: string;
	/** Name of the session. The default is `s`. */
	readonly as?: string;
	readonly [argument: string]: unknown;
}

/** Outcome of a step, in the shape that the guest received. */
export interface StepOutcome {
	readonly ok?: unknown;
	readonly err?: { readonly code: string; readonly message: string; readonly retryable: boolean };
}

/** Runs steps in the guest. Returns the outcome of each. */
export async function take(instance: AgentInstance, ...steps: readonly RealtimeStep[]): Promise<StepOutcome[]> {
	const output: unknown = JSON.parse(await instance.run(JSON.stringify(steps)));
	if (!Array.isArray(output)) throw new Error("the realtime guest answers with an array");
	return output;
}
