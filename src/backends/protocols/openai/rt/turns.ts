import { OrderedIds } from "./ordered-ids.ts";
import type { Refused } from "./refusal.ts";
import { Responses } from "./responses.ts";

/** Sends the client events of a session's turns. */
export interface TurnRequests {
	/** Sends a `response.create` with this id. */
	readonly create: (eventId: string) => void;
	/** Sends a `response.cancel`. */
	readonly cancel: () => void;
	readonly newEventId: () => string;
}

/**
 * The responses of a session, and the events that the upstream still owes. The protocol has no queue: it refuses a
 * request for a response during another. Such requests are sent later, as one.
 */
export class Turns {
	readonly #requests: TurnRequests;
	readonly #responses = new Responses();
	/** Tool calls without a result. The model continues once it has the results of all. */
	readonly #openCalls = new OrderedIds();
	/** Ids of commits that are not confirmed. */
	readonly #commits = new OrderedIds();
	/** Items whose transcript has not ended. */
	readonly #transcripts = new OrderedIds();
	readonly #waiters: (() => void)[] = [];
	/** Id of the `response.create` whose response has not started. */
	#sent: string | undefined;
	/** Id of the `response.create` that the latest response seems to answer. The server may have started that response by itself. */
	#presumed: string | undefined;
	/** The requested response is to be cancelled when it starts: until then, a server ignores the cancel. */
	#cancelAtStart = false;
	/** A response is to be requested as soon as possible. */
	#wanted = false;
	/** The upstream will respond by itself to audio that it has committed. */
	#expected = false;
	/** The upstream is busy with a response that this session does not know. */
	#busy = false;

	constructor(requests: TurnRequests) {
		this.#requests = requests;
	}

	/** True if a response is in progress or was requested. */
	get responding(): boolean {
		return this.#responses.active || this.#sent !== undefined;
	}

	/** True if the upstream owes nothing. A response that waits for the guest's tool results does not count. */
	get settled(): boolean {
		const wanted = this.#wanted && this.#openCalls.size === 0;
		return !this.responding && !wanted && !this.#expected && this.#commits.size === 0 && this.#transcripts.size === 0;
	}

	/** Returns true for a response that has ended lately. */
	hasEnded(responseId: string): boolean {
		return this.#responses.hasEnded(responseId);
	}

	/** Resolves once the upstream owes nothing. */
	async whenSettled(): Promise<void> {
		while (!this.settled) await new Promise<void>((resolve) => this.#waiters.push(resolve));
	}

	/** Requests a response to the guest's input, although tool results may be missing. */
	requestResponse(): void {
		this.#openCalls.clear();
		this.#wanted = true;
		this.#proceed();
	}

	/** Requests a response once the results of all tool calls were sent. */
	toolResultSent(callId: string): void {
		this.#openCalls.delete(callId);
		this.#wanted = true;
		this.#proceed();
	}

	commitSent(eventId: string): void {
		this.#commits.add(eventId);
	}

	/** Cancels the response in progress, the requested one as soon as it starts, and the request that was not sent yet. */
	cancelResponse(): void {
		this.#wanted = false;
		if (this.#responses.active) this.#requests.cancel();
		else this.#cancelAtStart = this.#sent !== undefined;
		this.#proceed();
	}

	toolCalled(callId: string): void {
		this.#openCalls.add(callId);
	}

	responseStarted(responseId: string): void {
		this.#presumed = this.#sent ?? this.#presumed;
		this.#sent = undefined;
		this.#expected = false;
		this.#responses.start(responseId);
		if (this.#cancelAtStart) this.#requests.cancel();
		this.#cancelAtStart = false;
		this.#proceed();
	}

	/** Records the end of a response, and returns its id. If none was in progress, this was the requested or expected one. */
	responseEnded(responseId: string): string {
		if (!this.#responses.active) {
			this.#sent = undefined;
			this.#cancelAtStart = false;
			this.#expected = false;
		}
		const ended = this.#responses.end(responseId);
		this.#presumed = undefined;
		this.#busy = false;
		this.#proceed();
		return ended;
	}

	/**
	 * Records that audio became an item, by a commit of this session or by the upstream's turn detection.
	 *
	 * @param itemId Absent if the upstream does not name the item. No transcript is waited for then.
	 */
	commitConfirmed(
		itemId: string | undefined,
		{ transcribes, answers }: { readonly transcribes: boolean; readonly answers: boolean },
	): void {
		const ours = this.#commits.deleteOldest();
		if (transcribes && itemId !== undefined) this.#transcripts.add(itemId);
		if (!ours && answers) this.#expected = true;
		this.#proceed();
	}

	/**
	 * Records the end of a transcript. That of an unknown item ends the oldest one, and confirms a commit: some servers name no item, or
	 * confirm no commit.
	 */
	transcriptEnded(itemId: string | undefined): void {
		const isKnown = itemId !== undefined && this.#transcripts.delete(itemId);
		if (!isKnown && !this.#transcripts.deleteOldest()) this.#commits.deleteOldest();
		this.#proceed();
	}

	/**
	 * Records that the upstream refused a client event. Returns true if the event will be sent again or was superfluous, so that no warning is
	 * needed.
	 *
	 * @param eventId Id of the event, if the error names one. Without an id, the error counts for the oldest event of its kind, or for the
	 * oldest event: servers handle events in order.
	 */
	eventRefused(eventId: string | undefined, kind: Refused | undefined): boolean {
		if (kind === "cancel") return true;
		const anonymous = eventId === undefined;
		const isCommit = anonymous ? kind !== "busy" && this.#commits.deleteOldest() : this.#commits.delete(eventId);
		const request = kind === "busy" ? (this.#sent ?? this.#presumed) : this.#sent;
		const isRequest = !isCommit && request !== undefined && (anonymous ? kind !== "commit" : eventId === request);
		const retry = isRequest && kind === "busy";
		if (isRequest) {
			this.#sent = undefined;
			this.#presumed = undefined;
			this.#wanted ||= retry && !this.#cancelAtStart;
			this.#cancelAtStart = false;
		}
		if (retry) this.#busy = !this.#responses.active;
		this.#proceed();
		return retry;
	}

	/**
	 * Records that the upstream was silent for so long that events it owes are no longer expected. Sends the request that waited for them.
	 * Returns true if events were owed.
	 */
	giveUp(): boolean {
		if (this.settled) return false;
		this.#responses.endAll();
		this.#transcripts.clear();
		this.#commits.clear();
		this.#sent = undefined;
		this.#presumed = undefined;
		this.#cancelAtStart = false;
		this.#expected = false;
		this.#busy = false;
		this.#proceed();
		return true;
	}

	/** Records the end of the session: the upstream owes nothing any more. */
	end(): void {
		this.#wanted = false;
		this.giveUp();
	}

	#proceed(): void {
		if (this.#wanted && !this.#busy && !this.responding && this.#openCalls.size === 0) {
			this.#wanted = false;
			this.#expected = false;
			this.#sent = this.#requests.newEventId();
			this.#requests.create(this.#sent);
		}
		if (this.settled) for (const wake of this.#waiters.splice(0)) wake();
	}
}
