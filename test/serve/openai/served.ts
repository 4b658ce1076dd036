import OpenAI from "openai";
import type * as cchat from "../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import { OPERATIONS } from "../../../generated/ir/operations.ts";
import { type BackendKind, defineBackend } from "../../../src/backend.ts";
import { type Config, createHost, type Host, type HostOptions } from "../../../src/index.ts";
import { createServer, type SpearServer } from "../../../src/serve.ts";
import { OpenAiServer } from "../../helpers/openai-server.ts";

/** A listening server with a client of its own. */
export interface Served {
	readonly host: Host;
	readonly server: SpearServer;
	readonly url: string;
	/** OpenAI's own client of the server. */
	readonly sdk: OpenAI;
	/** Sends a body to a path of the API. A body that is no text is sent as JSON. */
	post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** Runs a test against a listening server. */
export async function served(
	config: Config,
	run: (at: Served) => Promise<void>,
	{ env = {}, ...options }: Pick<HostOptions, "env" | "kinds" | "logger"> = {},
): Promise<void> {
	const host = await createHost({ config: { host: { log_level: "silent" }, server: { access_log: false }, ...config }, env, ...options });
	const server = createServer(host);
	const { url } = await server.listen({ port: 0 });
	const sdk = new OpenAI({ apiKey: "sk-of-a-test", baseURL: `${url}/v1`, maxRetries: 0, logLevel: "off" });
	const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
		fetch(`${url}/v1${path}`, {
			method: "POST",
			headers: { "content-type": "application/json", ...headers },
			body: isRaw(body) ? body : JSON.stringify(body),
		});
	try {
		await run({ host, server, url, sdk, post });
	} finally {
		await server.close({ drainMs: 0 });
		await host.close();
	}
}

function isRaw(body: unknown): body is string | Uint8Array<ArrayBuffer> {
	return typeof body === "string" || body instanceof Uint8Array;
}

/** Runs a test against a server whose only backend is OpenAI's API at an upstream that records. */
export async function servedWithUpstream(
	run: (at: Served, upstream: OpenAiServer) => Promise<void>,
	backend: Partial<NonNullable<Config["backends"]>[string]> = {},
	config: Config = {},
): Promise<void> {
	const upstream = await OpenAiServer.start();
	const up = { kind: "openai-compatible", base_url: upstream.baseUrl, models: ["small"], ...backend };
	try {
		await served({ backends: { up }, ...config }, (at) => run(at, upstream));
	} finally {
		await upstream.close();
	}
}

/** Reaction of a scripted backend: events, or a failure. */
export type Reaction = (signal: AbortSignal) => AsyncIterable<cchat.Event>;

/** A kind `scripted` whose instances keep the requests that they receive, and answer each with the next reaction. */
export function scriptedKind(script: Reaction[]): { readonly kind: BackendKind; readonly received: RequestEnvelope<"chat_completions">[] } {
	const received: RequestEnvelope<"chat_completions">[] = [];
	const react = (envelope: RequestEnvelope<"chat_completions">, signal: AbortSignal): AsyncIterable<cchat.Event> => {
		received.push(envelope);
		return (script.shift() ?? says("ok"))(signal);
	};
	const kind = defineBackend({
		name: "scripted",
		create: () => ({
			operations: {
				chat_completions: {
					features: [...OPERATIONS.chat_completions.features],
					models: ["small", "org/large"],
					async unary(envelope, { signal }) {
						for await (const event of react(envelope, signal)) if (event.type === "completed") return event.completed;
						throw new Error("the script has no answer");
					},
					stream: (envelope, { signal }) => react(envelope, signal),
				},
			},
		}),
	});
	return { kind, received };
}

/** Returns the reaction of these events, the last of which completes the answer. */
export function events(response: Partial<cchat.Response>, ...before: cchat.Event[]): Reaction {
	return async function* () {
		yield* before;
		const message: cchat.Message = { role: "assistant", content: [], tool_calls: [] };
		yield { type: "completed", completed: { model: "small-1", message, finish_reason: "stop", ...response } };
	};
}

/** Returns the reaction that says a text, in pieces. */
export function says(...pieces: string[]): Reaction {
	const content: cchat.ContentPart[] = [{ type: "text", text: pieces.join("") }];
	const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
	const message: cchat.Message = { role: "assistant", content, tool_calls: [] };
	return events({ message, usage }, ...pieces.map((text): cchat.Event => ({ type: "text", text })), { type: "usage", usage });
}

/** Returns the reaction that fails, after these events. */
export function fails(error: unknown, ...before: cchat.Event[]): Reaction {
	return async function* () {
		yield* before;
		throw error;
	};
}

/** Runs a test against a server whose only backend plays a script. */
export function servedByScript(
	script: Reaction[],
	run: (at: Served, received: RequestEnvelope<"chat_completions">[]) => Promise<void>,
	config: Config = {},
	options: Pick<HostOptions, "env" | "logger"> = {},
): Promise<void> {
	const { kind, received } = scriptedKind(script);
	return served({ backends: { up: { kind: "scripted" } }, ...config } as Config, (at) => run(at, received), { ...options, kinds: [kind] });
}
