/** The upstream of the benchmarks: a worker of its own, so that its time is not counted as the host's. Answers by path, at once. */
import { createServer } from "node:http";
import { parentPort } from "node:worker_threads";

const usage = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 };
const vector = Array.from({ length: 256 }, (_, index) => Math.fround(Math.sin(index)));
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==";

const ANSWERS: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
	"/v1/chat/completions": [
		"application/json",
		JSON.stringify({
			id: "chatcmpl-1",
			object: "chat.completion",
			created: 1,
			model: "m",
			choices: [
				{
					index: 0,
					message: { role: "assistant", content: "The sky is blue because air scatters short waves more." },
					finish_reason: "stop",
				},
			],
			usage,
		}),
	],
	"/v1/embeddings": [
		"application/json",
		JSON.stringify({
			object: "list",
			model: "m",
			data: [{ object: "embedding", index: 0, embedding: vector }],
			usage: { prompt_tokens: 3, total_tokens: 3 },
		}),
	],
	"/v1/images/generations": ["application/json", JSON.stringify({ created: 1, data: [{ b64_json: pixel }] })],
	"/v1/audio/speech": ["audio/mpeg", Buffer.alloc(16 * 1024, 7)],
	"/v1/audio/transcriptions": ["application/json", JSON.stringify({ text: "The sky is blue." })],
};

const server = createServer((request, response) => {
	request.resume();
	request.on("end", () => {
		const [type, body] = ANSWERS[request.url ?? ""] ?? ["application/json", '{"error":{"message":"no such path"}}'];
		response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body) });
		response.end(body);
	});
});

server.listen(0, "127.0.0.1", () => {
	const address = server.address();
	parentPort?.postMessage(address !== null && typeof address === "object" ? address.port : 0);
});
parentPort?.on("message", () => {
	server.closeAllConnections();
	server.close();
	parentPort?.close();
});
