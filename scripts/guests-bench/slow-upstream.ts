/**
 * The slow upstream of `npm run bench:guests`: a worker that holds chats. Each message of the parent, a number of answers a millisecond, releases
 * the held chats at that rate. Each answer is the time of the clock when it was sent, in milliseconds.
 */
import { createServer, type ServerResponse } from "node:http";
import { parentPort } from "node:worker_threads";

const held: ServerResponse[] = [];
let timer: ReturnType<typeof setInterval> | undefined;

const server = createServer((request, response) => {
	request.resume();
	request.on("end", () => held.push(response));
});

function answer(response: ServerResponse): void {
	const content = String(performance.timeOrigin + performance.now());
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

server.listen(0, "127.0.0.1", 2_048, () => {
	const address = server.address();
	parentPort?.postMessage(address !== null && typeof address === "object" ? address.port : 0);
});

parentPort?.on("message", (message: number | "stop") => {
	clearInterval(timer);
	if (message === "stop") {
		server.closeAllConnections();
		server.close();
		parentPort?.close();
		return;
	}
	timer = setInterval(() => {
		for (const response of held.splice(0, message)) answer(response);
		if (held.length === 0) clearInterval(timer);
	}, 1);
});
