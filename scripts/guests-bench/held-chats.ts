import { createServer, type Server, type ServerResponse } from "node:http";
import process from "node:process";

/** CPU time of this thread, in milliseconds. */
export function threadCpuMs(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}

/** An upstream that holds chats until `release`. Each answer is the time when it was sent: of the clock, and as CPU time of its thread. */
export class HeldChats {
	readonly server: Server;
	readonly #held: ServerResponse[] = [];
	#timer: ReturnType<typeof setInterval> | undefined;

	constructor() {
		this.server = createServer((request, response) => {
			request.resume();
			request.on("end", () => this.#held.push(response));
		});
	}

	async listen(): Promise<number> {
		await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", 2_048, resolve));
		const address = this.server.address();
		return address !== null && typeof address === "object" ? address.port : 0;
	}

	/** Answers the held chats, one about every two milliseconds. */
	release(): void {
		clearInterval(this.#timer);
		this.#timer = setInterval(() => {
			const response = this.#held.shift();
			if (response === undefined) clearInterval(this.#timer);
			else answer(response);
		}, 2);
	}

	close(): void {
		clearInterval(this.#timer);
		this.server.closeAllConnections();
		this.server.close();
	}
}

function answer(response: ServerResponse): void {
	const content = `${performance.timeOrigin + performance.now()} ${threadCpuMs()}`;
	const message = { role: "assistant", content };
	response.writeHead(200, { "content-type": "application/json" });
	response.end(
		JSON.stringify({
			id: "chatcmpl-1",
			object: "chat.completion",
			created: 1,
			model: "m",
			choices: [{ index: 0, message, finish_reason: "stop" }],
			usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 },
		}),
	);
}
