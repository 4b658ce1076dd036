import type { RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { ClientSession } from "../../host/client.ts";
import { systemClock } from "../../time/clock.ts";
import type { ServedClient } from "../clients/served-client.ts";
import { HttpError } from "../http-error.ts";
import { apiErrorBody, unsupported } from "../openai/errors.ts";
import { closeCodeOf, closeReasonOf } from "../websocket/close-code.ts";
import type { WebSocketPeer } from "../websocket/web-socket-peer.ts";
import { type ClientEvent, clientEvent, eventIdOf } from "./client-event.ts";
import { ConversationEvents } from "./conversation-events.ts";
import { inputEffects } from "./input-events.ts";
import { newId, type ServerEvent } from "./server-event.ts";
import { type SessionConfig, sessionFieldNames } from "./session-config.ts";
import { Turn } from "./turn.ts";

export interface RealtimeConnectionOptions {
	readonly peer: WebSocketPeer;
	readonly client: ServedClient;
	readonly config: SessionConfig;
	/** Id of the request. The router's decision has the same. */
	readonly requestId: string;
	/** Aborted when the server closes. */
	readonly stopping: AbortSignal;
	/** Called once, when the session begins. */
	readonly onBegin: () => void;
}

/** Longest time until the first input, in milliseconds. Afterwards the session's own limits hold. */
const WAITING_MS = 300_000;

/** Refused events of a client after which the connection ends: such a client does not listen. */
const MAX_REFUSED = 100;

/**
 * Connection of a client: OpenAI's events towards the client, a session of the host behind. The session begins with the first input, because a
 * host's session keeps the configuration that it begins with. Until then, `session.update` changes the configuration.
 */
export class RealtimeConnection {
	readonly #options: RealtimeConnectionOptions;
	readonly #id = newId("sess");
	readonly #conversation = new ConversationEvents();
	readonly #turn = new Turn();
	/** Ends the session at once. */
	readonly #abort = new AbortController();
	#config: SessionConfig;
	#session: ClientSession | undefined;
	/** Resolves when every event of the session was sent. */
	#sending: Promise<void> = Promise.resolve();
	#refused = 0;

	constructor(options: RealtimeConnectionOptions) {
		this.#options = options;
		this.#config = options.config;
	}

	/** Serves the connection until its end. */
	async run(): Promise<void> {
		const { peer } = this.#options;
		const onGone = (): void => {
			if (this.#session === undefined) this.#abort.abort(new SpearError("cancelled", "the client closed the connection"));
			else this.#session.close();
		};
		peer.signal.addEventListener("abort", onGone, { once: true });
		const cancelWait = systemClock.after(WAITING_MS, () => {
			if (this.#session === undefined) peer.close(1000, "no input came; connect again");
		});
		try {
			await this.#send({ type: "session.created", session: this.#config.view(this.#id) });
			for await (const message of peer.messages()) {
				if ("bytes" in message) peer.close(1003, "send events as text");
				else await this.#receive(message.text);
			}
		} finally {
			cancelWait();
			this.#session?.close();
			await this.#sending;
		}
	}

	/** Handles a message. An event that is refused has no effect but an error event. */
	async #receive(text: string): Promise<void> {
		try {
			const event = clientEvent(text);
			if (event.type === "session.update") await this.#update(event);
			else await this.#input(event);
		} catch (thrown) {
			if (!(thrown instanceof HttpError) && !(thrown instanceof SpearError)) throw thrown;
			await this.#sendError(thrown, eventIdOf(text));
			this.#refused += 1;
			if (this.#refused >= MAX_REFUSED) this.#options.peer.close(1008, "too many events were refused");
		}
	}

	async #update({ fields }: ClientEvent): Promise<void> {
		const session = fields.fields("session");
		fields.assertNoRest();
		const config = session === undefined ? this.#config : this.#config.updated(session);
		if (this.#session !== undefined && JSON.stringify(config.view("")) !== JSON.stringify(this.#config.view("")))
			throw unsupported("session", "a session keeps the configuration that it begins with; send session.update before the first input");
		this.#config = config;
		await this.#send({ type: "session.updated", session: config.view(this.#id) });
	}

	async #input(event: ClientEvent): Promise<void> {
		const { mode } = this.#config;
		const { inputs, events } = inputEffects(event, { mode, turn: this.#turn, conversation: this.#conversation });
		const session = inputs.length === 0 ? undefined : await this.#begun();
		if (inputs.length > 0 && session === undefined) return;
		for (const each of events) await this.#send(each);
		if (session !== undefined) for (const input of inputs) await this.#give(input, session);
	}

	/** Queues input for the session. Waits while its queue is full: the client is not read from meanwhile. */
	async #give(input: RealtimeVoiceInput, session: ClientSession): Promise<void> {
		while (!this.#options.peer.signal.aborted) {
			try {
				session.send(input);
				return;
			} catch (thrown) {
				if (!(thrown instanceof SpearError) || thrown.code !== "rate_limited" || session.state !== "connected") throw thrown;
			}
			await session.whenWritable();
		}
	}

	/** Returns the session, which the first input begins. `undefined` if it cannot begin; the connection is closed then. */
	async #begun(): Promise<ClientSession | undefined> {
		if (this.#session !== undefined) return this.#session;
		const { client, peer, requestId, stopping, onBegin } = this.#options;
		const { payload, options } = this.#config;
		try {
			client.check("realtime_voice", payload.model);
			if (payload.transcription_model !== undefined) client.check("realtime_voice", payload.transcription_model);
			const signal = AbortSignal.any([this.#abort.signal, stopping]);
			this.#session = await client.hostClient.connect(payload, { ...options, signal, requestId });
		} catch (thrown) {
			await this.#sendError(thrown, null);
			peer.close(closeCodeOf(thrown), closeReasonOf(thrown));
			return undefined;
		} finally {
			onBegin();
		}
		this.#sending = this.#sendAll(this.#session);
		if (peer.signal.aborted) this.#session.close();
		return this.#session;
	}

	/** Sends the events of the session until its end, which ends the connection. */
	async #sendAll(session: ClientSession): Promise<void> {
		const { peer } = this.#options;
		try {
			for await (const event of session) {
				if (event.type === "completed") peer.close(1000);
				else if (event.type === "failed") throw SpearError.fromRecord(event.failed);
				else if (event.type === "warning") await this.#sendError(SpearError.fromRecord(event.warning), null);
				else for (const each of this.#conversation.eventsOf(event)) await this.#send(each);
			}
		} catch (thrown) {
			session[Symbol.dispose]();
			await this.#sendError(thrown, null);
			peer.close(closeCodeOf(thrown), closeReasonOf(thrown));
		}
	}

	#send(event: ServerEvent): Promise<void> {
		const { type, ...members } = event;
		return this.#options.peer.send(JSON.stringify({ type, event_id: newId("event"), ...members }));
	}

	async #sendError(thrown: unknown, eventId: string | null): Promise<void> {
		const { message, type, code, param } = apiErrorBody(thrown, sessionFieldNames).error;
		await this.#send({ type: "error", error: { type, code, message, param, event_id: eventId } });
	}
}
