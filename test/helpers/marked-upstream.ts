import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sse } from "./openai-server.ts";

/** Answer of a {@link MarkedUpstream} to a marked request. */
export type MarkedAnswer =
	| { readonly type: "answer"; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
	/** The beginning of an answer, then a closed connection. */
	| { readonly type: "cut"; readonly status: number; readonly body: string }
	| { readonly type: "reset" }
	| { readonly type: "hang" }
	| { readonly type: "good" };

/** Mark of the requests of one guest. The number is the index of the answer. */
const MARK = /marked-(\d+)-/;

/** Returns a text that marks a request. */
export function markOf(index: number): string {
	return `marked-${index}-`;
}

/** A server that answers marked requests from a list, and all others well. */
export class MarkedUpstream {
	readonly baseUrl: string;
	/** Answers by the number of the mark. */
	answers: readonly MarkedAnswer[] = [];
	readonly #server: Server;

	private constructor(server: Server, { port }: AddressInfo) {
		this.#server = server;
		this.baseUrl = `http://127.0.0.1:${port}/v1`;
		server.on("connection", (socket) => socket.on("error", () => {})); // Clients abort.
		server.on("request", (message, response) => void this.#serve(message, response));
	}

	static async start(): Promise<MarkedUpstream> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
		return new MarkedUpstream(server, address);
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await textOf(message);
		if (body === undefined) return;
		const [, index] = MARK.exec(body) ?? [];
		const answer = (index === undefined ? undefined : this.answers[Number(index)]) ?? { type: "good" };
		switch (answer.type) {
			case "answer":
				response.writeHead(answer.status, answer.headers).end(answer.body);
				break;
			case "cut":
				response.writeHead(answer.status, { "content-type": "application/json", "content-length": answer.body.length + 100 });
				response.write(answer.body, () => response.destroy());
				break;
			case "reset":
				message.socket.resetAndDestroy();
				break;
			case "hang":
				break;
			case "good":
				sendGood(message.url ?? "", body, response);
		}
	}
}

async function textOf(message: IncomingMessage): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	try {
		for await (const chunk of message) chunks.push(chunk);
	} catch {
		return undefined; // The client has closed the connection.
	}
	return Buffer.concat(chunks).toString();
}

const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
const CHUNKS = [
	{ id: "c", choices: [{ index: 0, delta: { role: "assistant", content: "Hello." }, finish_reason: null }] },
	{ id: "c", choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: USAGE },
];
const COMPLETION = {
	id: "c",
	model: "m",
	choices: [{ index: 0, message: { role: "assistant", content: "Hello." }, finish_reason: "stop" }],
	usage: USAGE,
};

function sendGood(url: string, body: string, response: ServerResponse): void {
	const json = (value: unknown): void => {
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
	};
	if (url.endsWith("/embeddings")) json({ data: [{ index: 0, embedding: [1, 2, 3] }], model: "m", usage: USAGE });
	else if (url.endsWith("/audio/speech")) response.writeHead(200, { "content-type": "audio/mpeg" }).end("ID3");
	else if (!url.endsWith("/chat/completions")) json({});
	else if (/"stream":\s*true/.test(body)) response.writeHead(200, { "content-type": "text/event-stream" }).end(sse(CHUNKS));
	else json(COMPLETION);
}
