import type { Operation } from "../../generated/ir/operations.ts";
import { openaiCompatible } from "../../src/backends/kinds/openai-compatible/index.ts";
import { checkedBackend } from "../../src/host/checked-backend.ts";
import type { Call, GuestLimits, GuestScope } from "../../src/hostcall/scope.ts";
import { UNACCOUNTED } from "../../src/memory/memory-kinds.ts";
import { normalize } from "../../src/normalize/normalize.ts";
import { opaqueParts } from "../../src/normalize/opaque-parts.ts";
import type { Answer } from "../../src/router/execution/run-request.ts";
import { contextOf } from "../backends/context.ts";
import { LIMITS, NO_GUEST_MEDIA } from "./guest-scope.ts";
import { memoryMedia } from "./memory-media.ts";
import { type Behaviour, OpenAiServer } from "./openai-server.ts";
import { TEST_SEAL } from "./part-seal.ts";

/** A guest's scope whose chats reach a server on a loopback socket, by every layer but the router. */
export interface ChatScope extends GuestScope {
	readonly server: OpenAiServer;
	/** Selects the answer of the server to all further requests. */
	answerWith(behaviour: Behaviour): void;
	close(): Promise<void>;
}

const NORMALIZE = {
	newRequestId: () => "request",
	wallClock: () => 1_700_000_000_000,
	maxTimeoutMs: () => 60_000,
	seal: TEST_SEAL,
};

/** Starts a server, and creates a scope whose backend is of the kind `openai-compatible`. */
export async function chatScope(limits: Partial<GuestLimits> = {}): Promise<ChatScope> {
	const server = await OpenAiServer.start();
	let behaviour: Behaviour = () => {};
	const backend = checkedBackend(
		openaiCompatible.create({ name: "up", kind: "openai-compatible", base_url: server.baseUrl, models: ["small"], options: {} }),
		"up",
	);
	const chat = backend.operations.chat_completions;
	if (chat === undefined) throw new Error("the kind serves no chat");
	/** Makes the server answer one more request with the selected behaviour. */
	const expectOne = (): void => void server.script((response, request) => behaviour(response, request));
	const asChat = (call: Call<Operation>): Call<"chat_completions"> => {
		if (call.operation !== "chat_completions") throw new Error(`the scope serves no ${call.operation}`);
		return call as Call<"chat_completions">;
	};
	return {
		server,
		answerWith(next) {
			behaviour = next;
		},
		async close() {
			await backend.close();
			await server.close();
		},
		signal: new AbortController().signal,
		limits: { ...LIMITS, ...limits },
		media: NO_GUEST_MEDIA,
		memory: UNACCOUNTED,
		writeLog: () => {},
		emit: () => undefined,
		logBudget: { admit: () => true },
		pipeline: {
			voices: () => [],
			catalog: () => [],
			async unary<O extends Operation>(call: Call<O>, signal: AbortSignal): Promise<Answer<O>> {
				const envelope = await normalize({ ...asChat(call), transport: "unary" }, NORMALIZE, memoryMedia());
				expectOne();
				const result = await chat.unary(envelope, contextOf({ requestId: "request", signal }));
				const answer: unknown = {
					version: 1,
					request_id: "request",
					operation: "chat_completions",
					backend: { name: "up", instance: "up", latency_ms: 1, attempts: [] },
					result: { payload: opaqueParts.chat_completions.sealResult(result, TEST_SEAL) },
				};
				return answer as Answer<O>;
			},
			async stream<O extends Operation>(call: Call<O>) {
				const envelope = await normalize({ ...asChat(call), transport: "server_stream" }, NORMALIZE, memoryMedia());
				return async function* (signal: AbortSignal) {
					expectOne();
					for await (const event of chat.stream(envelope, contextOf({ requestId: "request", signal })))
						yield opaqueParts.chat_completions.sealEvent(event, TEST_SEAL) as never;
				};
			},
			connect: () => Promise.reject(new Error("the scope has no sessions")),
		},
	};
}
