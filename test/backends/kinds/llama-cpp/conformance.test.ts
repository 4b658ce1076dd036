import { test } from "uvu";
import { type LocalFixture, localConformanceCases, registerCases } from "../../../../src/backend-conformance.ts";
import { llamaCppKind } from "../../../../src/backends/kinds/llama-cpp/index.ts";
import { chatEnvelope, parts, say } from "../../chat-envelope.ts";
import { FakeLibrary } from "../../protocols/llama-cpp/fake-library.ts";

const SLOW = "Take your time.";

/** Returns a library whose answers depend on the question. */
function library(): FakeLibrary {
	const fake = new FakeLibrary();
	fake.answer = async ({ history: [question], options }) => {
		if (question?.type === "user" && question.text === SLOW) {
			await new Promise((resolve) => options.signal.addEventListener("abort", resolve));
			throw options.signal.reason;
		}
		if (options.functions !== undefined) {
			for (const paramsChunk of ['{"q":', "1}", "\n"])
				options.onFunctionCallParamsChunk?.({ callIndex: 0, functionName: "find", paramsChunk });
			return { response: "", metadata: { stopReason: "functionCalls" } };
		}
		for (const text of ["Hello", " there."]) options.onResponseChunk({ text });
		return { response: "Hello there.", metadata: { stopReason: "eogToken" } };
	};
	fake.embed = async ([first = 0]) => [first, 0];
	return fake;
}

const { payload: question } = chatEnvelope();

const fixture: LocalFixture = {
	kind: llamaCppKind({ isInstalled: () => true, import: async () => library() }),
	config: () => ({ name: "local", kind: "llama-cpp", models: [], options: { model_path: "/models/tiny.gguf", context_size: 256 } }),
	operations: {
		chat_completions: {
			payloads: {
				"a question": question,
				"a question that a tool answers": { ...question, tools: [{ name: "find", parameters: {} }] },
			},
			results: {
				"a question": {
					model: "tiny",
					message: { role: "assistant", content: [{ type: "text", text: "Hello there." }], tool_calls: [] },
					finish_reason: "stop",
					usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 },
				},
			},
			refusals: {
				"an image": {
					payload: {
						...question,
						messages: [parts("user", { type: "image", image: { source: { type: "url", url: "https://a.example/a" } } })],
					},
					error: { code: "missing_capabilities", retryable: false, attribution: "request" },
				},
				"a conversation beyond the context": {
					payload: { ...question, messages: [say("user", "x".repeat(300))] },
					error: { code: "invalid_request", retryable: false, attribution: "request" },
				},
			},
			slow: { payload: { ...question, messages: [say("user", SLOW)] } },
		},
		embeddings: {
			payloads: { "two texts": { input: ["a", "b"] } },
			results: {
				"two texts": {
					model: "tiny",
					vectors: [Float32Array.of(1, 0), Float32Array.of(1, 0)],
					dimensions: 2,
					usage: { input_tokens: 4, total_tokens: 4 },
				},
			},
			refusals: {
				"shorter vectors": {
					payload: { input: ["a"], dimensions: 1 },
					error: { code: "missing_capabilities", retryable: false, attribution: "request" },
				},
			},
			repeatable: true,
		},
	},
};

registerCases(test, localConformanceCases(fixture));

test.run();
