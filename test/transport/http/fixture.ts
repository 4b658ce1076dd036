import { SpearError } from "../../../src/errors/spear-error.ts";
import type { StreamedEvent } from "../../../src/transport/http/answer.ts";
import { HttpClient } from "../../../src/transport/http/client.ts";
import type { HttpOptions, HttpRequest } from "../../../src/transport/http/options.ts";
import { OpenAiServer } from "../../helpers/openai-server.ts";

const never = new AbortController().signal;

/** Runs a test against a server with this script. Fails if a connection is open after it. */
export async function against(
	script: Parameters<typeof OpenAiServer.start>,
	run: (client: HttpClient, server: OpenAiServer) => Promise<void>,
	options: Partial<HttpOptions> = {},
): Promise<void> {
	const server = await OpenAiServer.start(...script);
	const client = new HttpClient({ baseUrl: new URL(server.baseUrl), ...options });
	try {
		await run(client, server);
		await client.close();
		await server.quiet();
	} finally {
		await client.close();
		await server.close();
	}
}

/** A request whose signal is never aborted, unless `more` has another signal. */
export function post(more: Partial<HttpRequest> = {}): HttpRequest {
	return { method: "POST", path: "/things", json: { a: 1 }, signal: never, ...more };
}

/** Waits for `count` turns of the event loop. */
export async function turns(count: number): Promise<void> {
	for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

/** Returns the error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<SpearError> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof SpearError) return error;
		throw error;
	}
	throw new Error("the promise did not reject");
}

/** Returns the data of all events. */
export async function all(events: AsyncIterable<StreamedEvent>): Promise<string[]> {
	const data: string[] = [];
	for await (const event of events) data.push(event.data);
	return data;
}
