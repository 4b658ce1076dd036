import type { BackendContext } from "../../generated/backends/backend.ts";
import type { ChatCompletionsBackend } from "../../generated/backends/chat-completions.ts";
import type { Backend, BackendKind, InstanceConfig } from "../../src/backends/backend.ts";
import { type Behaviour, OpenAiServer } from "../helpers/openai-server.ts";
import { contextOf } from "./context.ts";

/** An instance of a kind with chat, and its upstream. */
export interface Setting {
	readonly backend: Backend;
	readonly chat: ChatCompletionsBackend;
	readonly server: OpenAiServer;
	/** A context with the key of the test, whose signal is never aborted. */
	readonly context: BackendContext;
}

/** Runs a test against an instance whose upstream plays a script. Fails if a connection is open after it. */
export type WithUpstream = (
	script: readonly Behaviour[],
	run: (setting: Setting) => Promise<void>,
	config?: Partial<InstanceConfig>,
) => Promise<void>;

/** Returns the function that runs tests against instances of a kind with one model. */
export function upstreamOf(kind: BackendKind, { model, apiKey }: { readonly model: string; readonly apiKey: string }): WithUpstream {
	return async (script, run, config = {}) => {
		const server = await OpenAiServer.start(...script);
		const backend = kind.create({ name: "up", kind: kind.name, base_url: server.baseUrl, models: [model], options: {}, ...config });
		const chat = backend.operations.chat_completions;
		if (chat === undefined) throw new Error("the kind serves no chat");
		try {
			await run({ backend, chat, server, context: contextOf({ requestId: "req-1", apiKey }) });
			await backend.close();
			await server.quiet();
		} finally {
			await backend.close();
			await server.close();
		}
	};
}
