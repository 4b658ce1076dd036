/** The upstream of `npm run bench:backends`, a worker of its own. The first step of the path is the name of the kind. */
import { createServer } from "node:http";
import { parentPort } from "node:worker_threads";
import { WIRES } from "./bench-backend-wires.ts";

const server = createServer(async (request, response) => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk);
	const path = request.url ?? "";
	const wire = WIRES[path.split("/")[1] ?? ""];
	if (wire === undefined) return void response.writeHead(404).end();
	const isStreamed = /"stream":true/.test(Buffer.concat(chunks).toString()) || /stream/i.test(path);
	if (/embed/i.test(path)) return void send(response, wire.embeddings ?? "{}");
	if (!isStreamed) return void send(response, wire.chat);
	response.writeHead(200, { "content-type": wire.stream.type });
	for (const chunk of wire.stream.chunks) response.write(chunk);
	response.end();
});

function send(response: import("node:http").ServerResponse, body: string): void {
	response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}

server.listen(0, "127.0.0.1", () => {
	const address = server.address();
	parentPort?.postMessage(address !== null && typeof address === "object" ? address.port : 0);
});
parentPort?.on("message", () => {
	server.closeAllConnections();
	server.close();
	parentPort?.close();
});
