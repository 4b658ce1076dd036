import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { acceptKey, ClientFrames, closeFrame, OPCODES, serverFrame } from "./websocket-frames.ts";

/** An event as it is sent, in either direction. */
export type WireEvent = { readonly type: string; readonly [member: string]: unknown };

/** The end of a session on the server's side. */
export interface SessionEnding {
	/** Code of the client's close frame. Absent if the client closed the connection without one. */
	readonly code: number | undefined;
}

/** Plays the server's part of one session, from the opened socket on. */
export type SessionBehaviour = (peer: RealtimePeer) => void | Promise<void>;

/**
 * The server's reply to one opening handshake. `wrong-key` accepts without proof that it has read the client's key. `informed` accepts
 * after informational responses.
 */
export type HandshakeBehaviour =
	| "accept"
	| "informed"
	| "silence"
	| "wrong-key"
	| { readonly status: number; readonly body: unknown; readonly headers?: object };

export interface SessionScript {
	readonly handshake?: HandshakeBehaviour;
	readonly behaviour?: SessionBehaviour;
}

/** The server's end of one WebSocket. */
export class RealtimePeer {
	/** Path with the query. */
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	/** Every event of the client in order, as `RealtimeServer.keep` returned it. */
	readonly received: WireEvent[] = [];
	/** Number of pings from the client. */
	pings = 0;
	/** Resolves when the socket is closed. */
	readonly ended: Promise<SessionEnding>;
	/** Replies to pings and to close frames. */
	replies = true;
	readonly #socket: Duplex;
	readonly #watchers: (() => void)[] = [];
	readonly #frames = new ClientFrames();
	#code: number | undefined;
	#taken = 0;

	constructor(request: IncomingMessage, socket: Duplex, head: Buffer, keep: (event: WireEvent) => WireEvent) {
		this.path = request.url ?? "";
		this.headers = request.headers;
		this.#socket = socket;
		const ending = Promise.withResolvers<SessionEnding>();
		this.ended = ending.promise;
		socket.on("error", () => {}); // Many tests close the connection from the client's side.
		socket.on("close", () => {
			ending.resolve({ code: this.#code });
			this.#changed();
		});
		const onData = (chunk: Buffer): void => {
			for (const { opcode, payload } of this.#frames.push(chunk)) {
				if (opcode === OPCODES.text) this.received.push(keep(JSON.parse(payload.toString())));
				if (opcode === OPCODES.close) this.#onClose(payload);
				if (opcode === OPCODES.ping) {
					this.pings += 1;
					if (this.replies) socket.write(serverFrame(OPCODES.pong, payload));
				}
			}
			this.#changed();
		};
		socket.on("data", onData);
		if (head.length > 0) onData(head);
	}

	/** Sends each event as one message, and a string unchanged. Resolves when the socket has room for more. */
	async send(...events: readonly (WireEvent | string)[]): Promise<void> {
		for (const event of events) await this.raw(serverFrame(OPCODES.text, typeof event === "string" ? event : JSON.stringify(event)));
	}

	/** Sends bytes in place of a frame. Resolves when the socket has room for more. */
	async raw(bytes: Buffer): Promise<void> {
		if (this.#socket.destroyed || this.#socket.write(bytes)) return;
		await new Promise<void>((resolve) => {
			const done = () => {
				this.#socket.off("drain", done).off("close", done);
				resolve();
			};
			this.#socket.on("drain", done).on("close", done);
		});
	}

	/** Resolves with the client's next event. Skips events of other types if `type` is given. */
	async next(type?: string): Promise<WireEvent> {
		for (;;) {
			const event = this.received[this.#taken];
			if (event === undefined) {
				if (this.#socket.destroyed) throw new Error(`the client closed the connection before it sent ${type ?? "an event"}`);
				await this.#change();
			} else {
				this.#taken += 1;
				if (type === undefined || event.type === type) return event;
			}
		}
	}

	/** Stops reading from the socket, so that the client's sends fill up. */
	pause(): void {
		this.#socket.pause();
	}

	resume(): void {
		this.#socket.resume();
	}

	/** Sends a close frame. */
	close(code = 1000, reason = ""): void {
		this.#socket.write(closeFrame(code, reason));
	}

	/** Closes the socket without a close frame. */
	cut(): void {
		this.#socket.destroy();
	}

	#onClose(payload: Buffer): void {
		const first = this.#code === undefined;
		this.#code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
		if (first && this.replies) this.#socket.end(closeFrame(this.#code));
	}

	#change(): Promise<void> {
		return new Promise((resolve) => this.#watchers.push(resolve));
	}

	#changed(): void {
		for (const watcher of this.#watchers.splice(0)) watcher();
	}
}

/**
 * A server that speaks OpenAI's Realtime API over loopback sockets. Plays the next script of its list with each session, and keeps
 * every event that it received.
 */
export class RealtimeServer {
	/** For `base_url`. */
	readonly baseUrl: string;
	readonly peers: RealtimePeer[] = [];
	/** Errors that scripts threw. */
	readonly faults: unknown[] = [];
	/** Returns the part of an event that is kept in `received`. The default returns the event. */
	keep: (event: WireEvent) => WireEvent = (event) => event;
	readonly #server: Server;
	readonly #sockets = new Set<Duplex>();
	readonly #script: SessionScript[] = [];
	readonly #watchers: (() => void)[] = [];

	private constructor(server: Server, baseUrl: string) {
		this.#server = server;
		this.baseUrl = baseUrl;
		server.on("connection", (socket) => {
			this.#sockets.add(socket);
			socket.on("error", () => {});
			socket.on("close", () => {
				this.#sockets.delete(socket);
				this.#changed();
			});
		});
		server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
	}

	/** Starts on a free port with these scripts. */
	static async start(...script: readonly (SessionScript | SessionBehaviour)[]): Promise<RealtimeServer> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
		return new RealtimeServer(server, `http://127.0.0.1:${address.port}/v1`).script(...script);
	}

	/** Appends scripts. */
	script(...scripts: readonly (SessionScript | SessionBehaviour)[]): this {
		this.#script.push(...scripts.map((entry) => (typeof entry === "function" ? { behaviour: entry } : entry)));
		return this;
	}

	/** Resolves with the session of this index once its socket is open. */
	async peer(index: number): Promise<RealtimePeer> {
		for (;;) {
			const peer = this.peers[index];
			if (peer !== undefined) return peer;
			await this.#change();
		}
	}

	/** Number of open connections. */
	get openSockets(): number {
		return this.#sockets.size;
	}

	/** Resolves when at most `count` connections are open. */
	async quiet(count = 0): Promise<void> {
		while (this.#sockets.size > count) await this.#change();
	}

	/** Closes every connection and the server. */
	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
		const { handshake = "accept", behaviour = greet() } = this.#script.shift() ?? {};
		socket.on("end", () => socket.end());
		if (handshake === "silence") {
			socket.resume();
			return;
		}
		if (typeof handshake === "object") {
			const body = Buffer.isBuffer(handshake.body) ? handshake.body : Buffer.from(JSON.stringify(handshake.body));
			const lines = Object.entries({ "content-type": "application/json", "content-length": body.length, ...handshake.headers });
			socket.write(`HTTP/1.1 ${handshake.status} No\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
			socket.end(body);
			return;
		}
		if (handshake === "informed") socket.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n");
		const accept = acceptKey(handshake !== "wrong-key" ? (request.headers["sec-websocket-key"] ?? "") : "another key");
		socket.write(
			`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
		);
		if (handshake === "wrong-key") {
			socket.resume();
			return;
		}
		const peer = new RealtimePeer(request, socket, head, (event) => this.keep(event));
		this.peers.push(peer);
		this.#changed();
		Promise.resolve(behaviour(peer)).catch((thrown: unknown) => this.faults.push(thrown));
	}

	#change(): Promise<void> {
		return new Promise((resolve) => this.#watchers.push(resolve));
	}

	#changed(): void {
		for (const watcher of this.#watchers.splice(0)) watcher();
	}
}

/** Begins a session as the API does, then continues with `then`. */
export function greet(then?: SessionBehaviour): SessionBehaviour {
	return async (peer) => {
		await peer.send({ type: "session.created", event_id: "e1", session: { id: "sess_1", object: "realtime.session", type: "realtime" } });
		const { session } = await peer.next("session.update");
		await peer.send({ type: "session.updated", event_id: "e2", session });
		await then?.(peer);
	};
}

/** Returns the events of one spoken answer, one or two for each chunk. */
export function answerEvents(id: string, pieces: readonly { readonly audio?: Buffer; readonly transcript?: string }[]): WireEvent[] {
	const at = { response_id: id, item_id: `item_${id}`, output_index: 0, content_index: 0 };
	return [
		{ type: "response.created", response: { id, object: "realtime.response", status: "in_progress", output: [] } },
		...pieces.flatMap(({ audio, transcript }): WireEvent[] => [
			...(transcript === undefined ? [] : [{ type: "response.output_audio_transcript.delta", ...at, delta: transcript }]),
			...(audio === undefined ? [] : [{ type: "response.output_audio.delta", ...at, delta: audio.toString("base64") }]),
		]),
		{
			type: "response.done",
			response: {
				id,
				object: "realtime.response",
				status: "completed",
				output: [],
				usage: { total_tokens: 30, input_tokens: 10, output_tokens: 20, input_token_details: { cached_tokens: 4 } },
			},
		},
	];
}
