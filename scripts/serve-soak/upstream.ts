/**
 * An upstream of `npm run soak:serve`: a process of its own that answers chats in OpenAI's form. Each answer repeats the token of its request. Sends
 * its port to its parent, obeys its messages, and ends when the parent disconnects.
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { answerPieces, LONG, tokenIn } from "./token.ts";

/** Message of the parent. */
export type Order = { readonly type: "slow"; readonly ms: number } | { readonly type: "seen" | "sent" };

/** Time to the first output, and between two chunks, in milliseconds. */
const FIRST_MS = 5;
const CHUNK_MS = 2;

/** Pieces of a long answer, and the characters of each. */
const LONG_PIECES = 8_000;
const PIECE_LENGTH = 1_000;

/** Characters of long answers that were sent. */
let longCharacters = 0;

let firstMs = FIRST_MS;
/** Tokens of the requests that have arrived. */
const seen: string[] = [];

function chunk(delta: object, finish: string | null = null): string {
	const choices = [{ index: 0, delta, finish_reason: finish }];
	return `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices })}\n\n`;
}

async function stream(response: ServerResponse, token: string): Promise<void> {
	response.writeHead(200, { "content-type": "text/event-stream" });
	for (const piece of answerPieces(token)) {
		if (response.destroyed) return;
		response.write(chunk({ content: piece }));
		await sleep(CHUNK_MS);
	}
	response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
}

/** Sends a long answer as fast as its reader takes it. */
async function streamLong(response: ServerResponse): Promise<void> {
	response.writeHead(200, { "content-type": "text/event-stream" });
	const gone = new AbortController();
	response.once("close", () => gone.abort());
	const piece = chunk({ content: "x".repeat(PIECE_LENGTH) });
	for (let sent = 0; sent < LONG_PIECES && !response.destroyed; sent++) {
		longCharacters += PIECE_LENGTH;
		if (!response.write(piece)) await once(response, "drain", { signal: gone.signal }).catch(() => {});
	}
	response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
}

function answer(response: ServerResponse, token: string): void {
	const message = { role: "assistant", content: answerPieces(token).join("") };
	const usage = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 };
	const choices = [{ index: 0, message, finish_reason: "stop" }];
	const body = JSON.stringify({ id: "c", object: "chat.completion", created: 1, model: "m", choices, usage });
	response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}

const server = createServer(async (request, response) => {
	let body = "";
	try {
		for await (const part of request) body += part;
	} catch {
		return; // The client has gone.
	}
	const token = tokenIn(body);
	seen.push(token);
	await sleep(firstMs);
	if (response.destroyed) return;
	if (body.includes(LONG)) await streamLong(response);
	else if (body.includes('"stream":true')) await stream(response, token);
	else answer(response, token);
});

process.on("message", (order: Order) => {
	if (order.type === "slow") firstMs = order.ms;
	else process.send?.(order.type === "seen" ? seen.splice(0) : longCharacters);
});
process.on("disconnect", () => process.exit());
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
	const address = server.address();
	process.send?.(address !== null && typeof address === "object" ? address.port : 0);
});
