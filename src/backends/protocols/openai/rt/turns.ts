import { type Link, LinkedList } from "../../../../async/linked-list.ts";

/** Code of the error for a response that was requested during another. */
const BUSY = "conversation_already_has_active_response";

/**
 * The responses of a session, and the events that the upstream still owes. The protocol has no queue: it refuses a
 * request for a response during another. Such requests are sent later, as one.
 */
export class Turns {
	/** Sends a `response.create` with this id. */
	readonly #create: (eventId: string) => void;
	readonly #newEventId: () => string;
	/** Ids of responses in progress. */
	readonly #active = new Set<string>();
	/** Tool calls without a result. The model continues once it has the results of all. */
	readonly #openCalls = new Set<string>();
	/** Ids of commits that are not confirmed, oldest first. */
	readonly #commits = new LinkedList<string>();
	readonly #commitsById = new Map<string, Link<string>>();
	/** Items whose transcript has not ended. */
	readonly #transcripts = new Set<string>();
	readonly #waiters: (() => void)[] = [];
	/** Id of the `response.create` whose response has not started. */
	#sent: string | undefined;
	/** A response is to be requested as soon as possible. */
	#wanted = false;
	/** The upstream will respond by itself to audio that it has committed. */
	#expected = false;
	/** The upstream is busy with a response that this session does not know. */
	#busy = false;

	constructor(create: (eventId: string) => void, newEventId: () => string) {
		this.#create = create;
		this.#newEventId = newEventId;
	}

	/** True if a response is in progress or was requested. */
	get responding(): boolean {
		return this.#active.size > 0 || this.#sent !== undefined;
	}

	/** True if the upstream owes nothing. A response that waits for the guest's tool results does not count. */
	get settled(): boolean {
		const wanted = this.#wanted && this.#openCalls.size === 0;
		return !this.responding && !wanted && !this.#expected && this.#commits.length === 0 && this.#transcripts.size === 0;
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
		this.#commitsById.set(eventId, this.#commits.append(eventId));
	}

	/** Withdraws the request for a response that was not sent yet. */
	cancelRequest(): void {
		this.#wanted = false;
		this.#proceed();
	}

	toolCalled(callId: string): void {
		this.#openCalls.add(callId);
	}

	responseStarted(responseId: string): void {
		this.#sent = undefined;
		this.#expected = false;
		this.#active.add(responseId);
		this.#proceed();
	}

	responseEnded(responseId: string): void {
		this.#active.delete(responseId);
		this.#busy = false;
		this.#proceed();
	}

	/** Records that audio became an item, by a commit of this session or by the upstream's turn detection. */
	commitConfirmed(itemId: string, { transcribes, answers }: { readonly transcribes: boolean; readonly answers: boolean }): void {
		const oldest = this.#commits.takeFirst();
		const ours = oldest !== undefined && this.#commitsById.delete(oldest);
		if (transcribes) this.#transcripts.add(itemId);
		if (!ours && answers) this.#expected = true;
		this.#proceed();
	}

	transcriptEnded(itemId: string): void {
		this.#transcripts.delete(itemId);
		this.#proceed();
	}

	/** Records that the upstream refused a client event. Returns true if the event will be sent again, so that no warning is needed. */
	eventRefused(eventId: string, code: string | undefined): boolean {
		const commit = this.#commitsById.get(eventId);
		if (commit !== undefined) this.#commits.remove(commit);
		this.#commitsById.delete(eventId);
		const isRequest = eventId === this.#sent;
		if (isRequest) this.#sent = undefined;
		const retry = isRequest && code === BUSY;
		if (retry) {
			this.#wanted = true;
			this.#busy = true;
		}
		this.#proceed();
		return retry;
	}

	/** Records the end of the session: the upstream owes nothing any more. */
	end(): void {
		this.#active.clear();
		this.#transcripts.clear();
		this.#commits.clear();
		this.#commitsById.clear();
		this.#sent = undefined;
		this.#wanted = false;
		this.#expected = false;
		this.#proceed();
	}

	#proceed(): void {
		if (this.#wanted && !this.#busy && !this.responding && this.#openCalls.size === 0) {
			this.#wanted = false;
			this.#expected = false;
			this.#sent = this.#newEventId();
			this.#create(this.#sent);
		}
		if (this.settled) for (const wake of this.#waiters.splice(0)) wake();
	}
}
