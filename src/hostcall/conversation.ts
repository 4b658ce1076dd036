import type * as cchat from "../../generated/ir/cchat.ts";
import { guestName } from "../errors/guest-name.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { Charge } from "../memory/charge.ts";
import { heldBytes } from "../memory/held-bytes.ts";

/** Bounds the open calls that one message names. */
const MAX_NAMED = 10;

/** Messages of a session, and the tool calls of the last assistant message that have no result yet. */
export class Conversation {
	readonly #messages: cchat.Message[];
	/** Bytes of each message. */
	readonly #sizes: number[];
	readonly #charge: Charge;
	#openCalls: Set<string>;

	/**
	 * @param charge Charged with every message. The owner closes it.
	 * @throws As `Charge.add`.
	 */
	constructor(initial: readonly cchat.Message[], charge: Charge) {
		this.#messages = [...initial];
		this.#sizes = initial.map(heldBytes);
		this.#charge = charge;
		charge.add(sum(this.#sizes));
		this.#openCalls = openCalls(initial);
	}

	/** All messages, oldest first. */
	get messages(): cchat.Message[] {
		return [...this.#messages];
	}

	get length(): number {
		return this.#messages.length;
	}

	/**
	 * Appends a message.
	 *
	 * @param origin `guest`: the memory of the message is checked. `upstream`: it is counted only, because the answer was paid for.
	 * @throws SpearError `invalid_request` for the result of another call than an open one, and for any other message while a call is open.
	 * Otherwise no later send could succeed. As `Charge.add` for a message of the guest.
	 */
	append(message: cchat.Message, origin: "guest" | "upstream"): void {
		if (message.role === "tool") this.assertOpen(message.tool_call_id ?? "", "message.tool_call_id");
		else if (this.#openCalls.size > 0) {
			throw invalid(
				`message: tool call ${this.#named(1)} has no result yet; write the result first, or remove the call's message with truncate`,
			);
		}
		const bytes = heldBytes(message);
		if (origin === "guest") this.#charge.add(bytes);
		else this.#charge.count(bytes);
		this.#messages.push(message);
		this.#sizes.push(bytes);
		if (message.role === "tool") this.#openCalls.delete(message.tool_call_id ?? "");
		else this.#openCalls = openCalls([message]);
	}

	/**
	 * Checks that a call has no result yet.
	 *
	 * @param path Names the id in the error.
	 * @throws SpearError `invalid_request`.
	 */
	assertOpen(callId: string, path: string): void {
		if (this.#openCalls.has(callId)) return;
		const open = this.#openCalls.size === 0 ? "none" : this.#named(MAX_NAMED);
		throw invalid(`${path}: '${guestName(callId)}' is not an open tool call; open calls: ${open}`);
	}

	/**
	 * Removes all messages but the first `length`, and returns them.
	 *
	 * @throws SpearError `invalid_request` if there are fewer messages.
	 */
	truncate(length: number): cchat.Message[] {
		if (length > this.#messages.length) throw invalid(`length: the conversation has ${this.#messages.length} messages, not ${length}`);
		const removed = this.#messages.splice(length);
		this.#charge.release(sum(this.#sizes.splice(length)));
		this.#openCalls = openCalls(this.#messages);
		return removed;
	}

	/** Removes the last user message and all messages after it, and returns them. */
	removeLastTurn(): cchat.Message[] {
		const start = this.#messages.findLastIndex(({ role }) => role === "user");
		return start === -1 ? [] : this.truncate(start);
	}

	#named(count: number): string {
		return [...this.#openCalls.values().take(count)].map((id) => `'${guestName(id)}'`).join(", ");
	}
}

/** Returns the calls of the last assistant message without a result. */
function openCalls(messages: readonly cchat.Message[]): Set<string> {
	const start = messages.findLastIndex(({ role }) => role !== "tool");
	const open = new Set(messages[start]?.tool_calls.map(({ id }) => id));
	for (const { tool_call_id } of messages.slice(start + 1)) if (tool_call_id !== undefined) open.delete(tool_call_id);
	return open;
}

function sum(sizes: readonly number[]): number {
	return sizes.reduce((total, size) => total + size, 0);
}

function invalid(message: string): SpearError {
	return new SpearError("invalid_request", message);
}
