import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import type { RealtimeServerEvent } from "openai/resources/realtime/realtime";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import { type Config, createHost, type Host } from "../../../src/index.ts";
import { createServer, type SpearServer } from "../../../src/serve.ts";
import { createCertificates } from "../../helpers/certificates.ts";
import { scratch } from "../../helpers/guest.ts";
import { RealtimeServer, type SessionBehaviour, type SessionScript } from "../../helpers/realtime-server.ts";

/** A server of ours in front of a scripted server of realtime sessions. */
export interface ServedRealtime {
	readonly host: Host;
	readonly server: SpearServer;
	/** Without a path. */
	readonly url: string;
	readonly upstream: RealtimeServer;
	/** Lines of the log. */
	readonly logged: string[];
	/** Connects OpenAI's own client. */
	sdk(props?: { model?: string; intent?: "transcription" }, apiKey?: string): SdkClient;
	/** Connects a bare WebSocket. */
	socket(path?: string, protocols?: string[], headers?: Record<string, string>): SocketClient;
}

/** Runs a test against a server whose only backend plays these sessions. */
export async function servedRealtime(
	scripts: readonly (SessionScript | SessionBehaviour)[],
	run: (at: ServedRealtime) => Promise<void>,
	config: Config = {},
	env: Record<string, string> = {},
): Promise<void> {
	const upstream = await RealtimeServer.start(...scripts);
	// The SDK connects by TLS only.
	const { ca, server: certificate } = createCertificates("localhost");
	const files = { tls_cert_file: join(scratch(), `${randomUUID()}.pem`), tls_key_file: join(scratch(), `${randomUUID()}.pem`) };
	writeFileSync(files.tls_cert_file, certificate.cert);
	writeFileSync(files.tls_key_file, certificate.key);
	const logged: string[] = [];
	const write = (fields: object, message?: string): void => {
		logged.push(`${JSON.stringify(fields)} ${message}`);
	};
	const host = await createHost({
		config: {
			router: { max_attempts: 1 },
			backends: {
				voice: {
					kind: "openai-realtime",
					base_url: upstream.baseUrl,
					api_key_env: "VOICE_KEY",
					models: ["gpt-realtime", "gpt-4o-transcribe"],
				},
			},
			...config,
			server: { ...config.server, ...files },
		},
		env: { VOICE_KEY: "sk-upstream-0123456789", ...env },
		logger: { trace: write, debug: write, info: write, warn: write, error: write },
	});
	const server = createServer(host);
	const { port } = await server.listen({ port: 0 });
	const url = `https://localhost:${port}`;
	const clients: { close(): void }[] = [];
	try {
		await run({
			host,
			server,
			url,
			upstream,
			logged,
			sdk({ model, intent } = { model: "gpt-realtime" }, apiKey = "none") {
				const openai = new OpenAI({ apiKey, baseURL: `${url}/v1`, logLevel: "off" });
				const props = { ...(intent === undefined ? { model: model ?? "gpt-realtime" } : { intent }), options: { ca } };
				const client = new SdkClient(new OpenAIRealtimeWS(props as { model: string }, openai));
				clients.push(client);
				return client;
			},
			socket(path = "/v1/realtime?model=gpt-realtime", protocols = [], headers = {}) {
				const client = new SocketClient(new WebSocket(`${url.replace("http", "ws")}${path}`, protocols, { headers, ca }));
				clients.push(client);
				return client;
			},
		});
		assert.equal(upstream.faults, []);
	} finally {
		for (const client of clients) client.close();
		await server.close({ drainMs: 0 });
		await host.close();
		await upstream.close();
	}
}

/** Events that arrive, to be awaited one by one. */
class Arrivals<T> {
	readonly all: T[] = [];
	#taken = 0;
	#wake: () => void = () => {};
	#ended = false;

	add(value: T): void {
		this.all.push(value);
		this.#wake();
	}

	end(): void {
		this.#ended = true;
		this.#wake();
	}

	async next(matches: (value: T) => boolean): Promise<T> {
		for (;;) {
			const value = this.all[this.#taken];
			if (value === undefined) {
				if (this.#ended) throw new Error(`the connection ended after ${JSON.stringify(this.all.slice(-3))}`);
				await new Promise<void>((resolve) => {
					this.#wake = resolve;
				});
			} else {
				this.#taken += 1;
				if (matches(value)) return value;
			}
		}
	}
}

/** OpenAI's own client, whose events are awaited. */
export class SdkClient {
	readonly rt: OpenAIRealtimeWS;
	readonly closed: Promise<{ code: number; reason: string }>;
	readonly #events = new Arrivals<RealtimeServerEvent>();

	constructor(rt: OpenAIRealtimeWS) {
		this.rt = rt;
		rt.on("error", () => {});
		rt.on("event", (event) => this.#events.add(event));
		this.closed = new Promise((resolve) => {
			rt.socket.on("close", (code, reason) => {
				this.#events.end();
				resolve({ code, reason: reason.toString() });
			});
		});
	}

	/** All events so far. */
	get events(): readonly RealtimeServerEvent[] {
		return this.#events.all;
	}

	/** Resolves with the next event of this type. Skips others. */
	async next<T extends RealtimeServerEvent["type"]>(type: T): Promise<Extract<RealtimeServerEvent, { type: T }>> {
		return (await this.#events.next((event) => event.type === type)) as Extract<RealtimeServerEvent, { type: T }>;
	}

	close(): void {
		this.rt.socket.terminate();
	}
}

/** A bare WebSocket, whose messages are awaited. */
export class SocketClient {
	readonly socket: WebSocket;
	/** Resolves with the code and reason of the end, or with the refusal of the handshake. */
	readonly ended: Promise<string>;
	readonly opened: Promise<void>;
	readonly #messages = new Arrivals<Record<string, unknown>>();

	constructor(socket: WebSocket) {
		this.socket = socket;
		socket.on("message", (data) => this.#messages.add(JSON.parse(String(data))));
		socket.on("error", () => {});
		this.opened = new Promise((resolve) => socket.on("open", resolve));
		this.ended = new Promise((resolve) => {
			socket.on("close", (code, reason) => {
				this.#messages.end();
				resolve(`${code} ${reason}`.trim());
			});
			socket.on("unexpected-response", (_, response) => {
				let text = "";
				response.on("data", (chunk) => {
					text += chunk;
				});
				response.on("end", () => resolve(`${response.statusCode} ${text}`));
			});
		});
	}

	get messages(): readonly Record<string, unknown>[] {
		return this.#messages.all;
	}

	next(type: string): Promise<Record<string, unknown>> {
		return this.#messages.next((message) => message.type === type);
	}

	/** Sends an event. Opens the connection first. */
	async send(event: object | string): Promise<void> {
		await this.opened;
		this.socket.send(typeof event === "string" ? event : JSON.stringify(event));
	}

	close(): void {
		this.socket.terminate();
	}
}
