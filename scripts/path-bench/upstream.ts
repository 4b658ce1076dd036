/**
 * The upstream of `npm run bench:path`: a process of its own, so that its CPU time is not counted. Answers at once. Sends its port to its
 * parent, and ends when the parent disconnects.
 */
import { createServer, type ServerResponse } from "node:http";
import process from "node:process";
import { CHAT_ANSWER, CHAT_CHUNKS, EMBEDDINGS_ANSWER } from "./answers.ts";

/** Writes one chunk in each turn of the event loop, as a model does: each arrives in a packet of its own. */
function pace(response: ServerResponse, index = 0): void {
	const chunk = CHAT_CHUNKS[index];
	if (chunk === undefined) return void response.end();
	response.write(chunk);
	setImmediate(pace, response, index + 1);
}

function send(response: ServerResponse, body: string): void {
	response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}

const server = createServer(async (request, response) => {
	let body = "";
	for await (const chunk of request) body += chunk;
	const path = request.url ?? "";
	if (path.endsWith("/embeddings")) return send(response, EMBEDDINGS_ANSWER);
	if (!body.includes('"stream":true')) return send(response, CHAT_ANSWER);
	response.writeHead(200, { "content-type": "text/event-stream" });
	if (path.startsWith("/paced/")) return pace(response);
	for (const chunk of CHAT_CHUNKS) response.write(chunk);
	response.end();
});

server.listen(0, "127.0.0.1", () => {
	const address = server.address();
	process.send?.(address !== null && typeof address === "object" ? address.port : 0);
});
process.on("disconnect", () => process.exit());
