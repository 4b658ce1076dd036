/** One host for the whole application, and an agent for each user, so that limits and budgets count by user. */
import { type Agent, createHost, type Host, SpearError } from "spear-hostcall";

export interface AssistantOptions {
	/** Path of the configuration. */
	readonly config: string;
	/** Path of the agent that `spear build` has prepared. */
	readonly agent: string;
	/** Users whose agents are kept. The default is 1,000. */
	readonly maxUsers?: number;
}

/** Longest question, in characters. */
const MAX_QUESTION = 4_000;

/** Statuses of failures that the user can do something about. Any other failure is 502. */
const STATUSES: Readonly<Record<string, number>> = { invalid_request: 400, rate_limited: 429, timeout: 504 };

interface User {
	readonly agent: Promise<Agent>;
	/** Number of runs in progress. */
	running: number;
}

export class Assistant {
	readonly #host: Host;
	readonly #path: string;
	readonly #maxUsers: number;
	/** Users in the order of their last question. */
	readonly #users = new Map<string, User>();

	private constructor(host: Host, { agent, maxUsers = 1_000 }: AssistantOptions) {
		this.#host = host;
		this.#path = agent;
		this.#maxUsers = maxUsers;
	}

	static async start(options: AssistantOptions): Promise<Assistant> {
		return new Assistant(await createHost({ config: options.config }), options);
	}

	/**
	 * Answers a question of a user by a stream of text. A failure before the first word is a status: 429 with `retry-after` if the budget of the user is
	 * spent. A failure after the first word breaks the stream off, so that no half of an answer looks whole.
	 *
	 * @param user Name by which your application knows the user, or `undefined` for none.
	 * @param signal Aborted when the user has gone.
	 */
	async answer(user: string | undefined, question: string, signal: AbortSignal): Promise<Response> {
		if (user === undefined) return new Response("sign in first\n", { status: 401 });
		if (question === "" || question.length > MAX_QUESTION) return new Response(`send 1 to ${MAX_QUESTION} characters\n`, { status: 400 });
		const words = this.#words(user, question, signal);
		try {
			const first = await words.next();
			return new Response(streamOf(first, words), {
				headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
			});
		} catch (thrown) {
			return signal.aborted ? new Response(null, { status: 499 }) : failure(thrown);
		}
	}

	/** Ends all runs. */
	async close(): Promise<void> {
		await this.#host.close();
	}

	async *#words(user: string, question: string, signal: AbortSignal): AsyncGenerator<string, void, void> {
		const kept = this.#userOf(user);
		kept.running += 1;
		try {
			const agent = await kept.agent;
			// Leaving this loop cancels the run, and its request at the upstream.
			for await (const output of agent.run(question, { signal })) if (output.type === "text") yield output.text;
		} finally {
			kept.running -= 1;
		}
	}

	#userOf(name: string): User {
		// The prefix keeps users apart from guests that the configuration names.
		const user = this.#users.get(name) ?? { agent: this.#host.load(this.#path, { guest: `user:${name}` }), running: 0 };
		this.#users.delete(name);
		this.#users.set(name, user);
		for (const [other, { agent, running }] of this.#users) {
			if (this.#users.size <= this.#maxUsers) break;
			if (running > 0 || other === name) continue;
			// What a user has spent stays counted.
			this.#users.delete(other);
			void agent.then((loaded) => loaded.close()).catch(() => {});
		}
		// A load that fails is tried again with the next question.
		user.agent.catch(() => {
			if (this.#users.get(name) === user) this.#users.delete(name);
		});
		return user;
	}
}

/** Returns words as a stream of bytes, which is read no faster than the user receives it. */
function streamOf(first: IteratorResult<string, void>, words: AsyncGenerator<string, void, void>): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	let next: IteratorResult<string, void> | undefined = first;
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			const result = next ?? (await words.next());
			next = undefined;
			if (result.done === true) controller.close();
			else controller.enqueue(encoder.encode(result.value));
		},
		async cancel() {
			await words.return();
		},
	});
}

function failure(thrown: unknown): Response {
	const status = thrown instanceof SpearError ? (STATUSES[thrown.code] ?? 502) : 502;
	if (!(thrown instanceof SpearError) || status === 502) {
		console.error(thrown);
		return new Response("the assistant failed\n", { status: 502 });
	}
	const { message, retryAfterMs } = thrown;
	const headers = retryAfterMs === undefined ? undefined : { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) };
	return new Response(`${message}\n`, { status, ...(headers === undefined ? {} : { headers }) });
}
