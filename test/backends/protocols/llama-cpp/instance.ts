import assert from "node:assert/strict";
import type { ChatCompletionsBackend } from "../../../../generated/backends/chat-completions.ts";
import type { EmbeddingsBackend } from "../../../../generated/backends/embeddings.ts";
import type { Backend } from "../../../../src/backends/backend.ts";
import { llamaCppKind } from "../../../../src/backends/kinds/llama-cpp/index.ts";
import { FakeLibrary } from "./fake-library.ts";

/** An instance of the kind over a library without a model. */
export interface FakeInstance {
	readonly library: FakeLibrary;
	readonly backend: Backend;
	readonly chat: ChatCompletionsBackend;
	readonly embeddings: EmbeddingsBackend;
}

/** Returns an instance with one model of 256 tokens. `options` adds to its options. */
export function fakeInstance(options: Readonly<Record<string, unknown>> = {}): FakeInstance {
	const library = new FakeLibrary();
	const kind = llamaCppKind({ isInstalled: () => true, import: async () => library });
	const backend = kind.create({
		name: "local",
		kind: "llama-cpp",
		models: [],
		options: { model_path: "/models/tiny.gguf", context_size: 256, ...options },
	});
	const { chat_completions: chat, embeddings } = backend.operations;
	assert(chat !== undefined && embeddings !== undefined);
	return { library, backend, chat, embeddings };
}

/** Returns the error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
	try {
		await promise;
	} catch (thrown) {
		return thrown;
	}
	throw new Error("the promise did not reject");
}
