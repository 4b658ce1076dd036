import type { BackendContext, BackendOperations } from "../../generated/backends/backend.ts";
import type { ChatCompletionsBackend } from "../../generated/backends/chat-completions.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { Feature, Operation, Transport } from "../../generated/ir/operations.ts";
import type { Capabilities, Instance } from "../../src/router/instance.ts";
import { chatResponse } from "./chat.ts";

export const NO_OPERATIONS: BackendOperations = {
	chat_completions: undefined,
	embeddings: undefined,
	image_generation: undefined,
	realtime_voice: undefined,
	speech_to_text: undefined,
	text_to_speech: undefined,
};

export interface FakeInstanceOptions {
	readonly features?: readonly Feature[];
	readonly transports?: readonly Transport[];
	readonly operations?: readonly Operation[];
	readonly models?: readonly string[];
	readonly hasKey?: boolean;
	readonly unary?: (context: BackendContext) => Promise<cchat.Response>;
	readonly stream?: (context: BackendContext) => AsyncIterable<cchat.Event>;
}

/** A router's instance over a backend made of two functions. */
export function fakeInstance(name: string, options: FakeInstanceOptions = {}): Instance {
	const capabilities: Capabilities = {
		features: new Set(options.features ?? []),
		transports: new Set(options.transports ?? ["unary", "server_stream"]),
		models: options.models ?? ["m"],
		voices: [],
	};
	const chat: ChatCompletionsBackend = {
		unary: (_, context) => (options.unary ?? (async () => chatResponse(name)))(context),
		stream: (_, context) => (options.stream ?? completesAtOnce)(context),
	};
	return {
		name,
		kind: "fake",
		backend: { operations: { ...NO_OPERATIONS, chat_completions: chat }, capabilities: {}, close: async () => {} },
		operations: new Map((options.operations ?? ["chat_completions"]).map((operation) => [operation, capabilities])),
		hasKey: () => options.hasKey ?? true,
		inFlight: 0,
	};
}

async function* completesAtOnce(): AsyncGenerator<cchat.Event> {
	yield { type: "completed", completed: chatResponse("done") };
}
