/** What an upstream says when an answer is asked for while another is under way. */
const BUSY = "conversation_already_has_active_response";

/**
 * Who is answering, and what is still owed: the protocol allows one answer at a time and does not queue, so answers asked for
 * meanwhile wait here, and come to one.
 */
export class Turns {
	/** Sends a `response.create` with this id. */
	readonly #create: (eventId: string) => void;
	readonly #newEventId: () => string;
	/** Answers under way. */
	readonly #active = new Set<string>();
	/** Tool calls that the guest has not answered; the model goes on when it knows all results. */
	readonly #openCalls = new Set<string>();
	/** Commits that are not confirmed. */
	readonly #commits: string[] = [];
	/** Items whose transcript is still to come. */
	readonly #transcripts = new Set<string>();
	readonly #waiters: (() => void)[] = [];
	/** The request for an answer that is not begun. */
	#asked: string | undefined;
	/** An answer is to be asked for as soon as that is possible. */
	#wanted = false;
	/** The upstream is to answer by itself what it has heard. */
	#expected = false;
	/** The upstream answers something we do not know of. */
	#busy = false;

	constructor(create: (eventId: string) => void, newEventId: () => string) {
		this.#create = create;
		this.#newEventId = newEventId;
	}

	/** Whether an answer is under way or asked for. */
	get answering(): boolean {
		return this.#active.size > 0 || this.#asked !== undefined;
	}

	/** Whether nothing is owed. What only the guest can bring forward is not. */
	get settled(): boolean {
		const wanted = this.#wanted && this.#openCalls.size === 0;
		return !this.answering && !wanted && !this.#expected && this.#commits.length === 0 && this.#transcripts.size === 0;
	}

	/** Resolves once nothing is owed. */
	async whenSettled(): Promise<void> {
		while (!this.settled) await new Promise<void>((resolve) => this.#waiters.push(resolve));
	}

	/** The guest spoke: it wants an answer, whatever became of the tools. */
	ask(): void {
		this.#openCalls.clear();
		this.#wanted = true;
		this.#proceed();
	}

	/** The guest answered a tool call. */
	toolAnswered(callId: string): void {
		this.#openCalls.delete(callId);
		this.#wanted = true;
		this.#proceed();
	}

	committing(eventId: string): void {
		this.#commits.push(eventId);
	}

	/** The guest wants no answer any more. */
	cancel(): void {
		this.#wanted = false;
		this.#proceed();
	}

	toolCalled(callId: string): void {
		this.#openCalls.add(callId);
	}

	began(responseId: string): void {
		this.#asked = undefined;
		this.#expected = false;
		this.#active.add(responseId);
		this.#proceed();
	}

	ended(responseId: string): void {
		this.#active.delete(responseId);
		this.#busy = false;
		this.#proceed();
	}

	/** Audio became an item, on our commit or by the upstream's own judgement. */
	committed(itemId: string, { transcribed, answers }: { readonly transcribed: boolean; readonly answers: boolean }): void {
		const ours = this.#commits.shift() !== undefined;
		if (transcribed) this.#transcripts.add(itemId);
		if (!ours && answers) this.#expected = true;
		this.#proceed();
	}

	transcribed(itemId: string): void {
		this.#transcripts.delete(itemId);
		this.#proceed();
	}

	/** An event of ours was refused. True when that is dealt with here, and nobody need hear of it. */
	refused(eventId: string, code: string | undefined): boolean {
		const index = this.#commits.indexOf(eventId);
		if (index >= 0) this.#commits.splice(index, 1);
		const isAsked = eventId === this.#asked;
		if (isAsked) this.#asked = undefined;
		const again = isAsked && code === BUSY;
		if (again) {
			this.#wanted = true;
			this.#busy = true;
		}
		this.#proceed();
		return again;
	}

	/** The session is over: nothing will come any more. */
	over(): void {
		this.#active.clear();
		this.#transcripts.clear();
		this.#commits.length = 0;
		this.#asked = undefined;
		this.#wanted = false;
		this.#expected = false;
		this.#proceed();
	}

	#proceed(): void {
		if (this.#wanted && !this.#busy && !this.answering && this.#openCalls.size === 0) {
			this.#wanted = false;
			this.#expected = false;
			this.#asked = this.#newEventId();
			this.#create(this.#asked);
		}
		if (this.settled) for (const wake of this.#waiters.splice(0)) wake();
	}
}
