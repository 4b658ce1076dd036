import type * as cchat from "../../generated/ir/cchat.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { Call, Pipeline, PipelineSession } from "../../src/hostcall/scope.ts";
import type { Answer } from "../../src/router/execution/run-request.ts";
import { chatResponse } from "./chat.ts";
import { ScriptedChannel } from "./scripted-channel.ts";

/** Behaviour of an upstream to one request. */
export type Behaviour = "answers" | "fails" | "hangs" | "fails later";

/** Returns a pipeline for chats and sessions whose upstream answers with texts of `bytes()` characters, or fails, or never answers. */
export function randomPipeline(behaviour: () => Behaviour, bytes: () => number): Pipeline {
	const failure = (): SpearError => new SpearError("backend_error", "the upstream failed");
	const hang = (signal: AbortSignal): Promise<never> =>
		new Promise((_, reject) => {
			if (signal.aborted) reject(signal.reason);
			signal.addEventListener("abort", () => reject(signal.reason), { once: true });
		});
	return {
		voices: () => [],
		catalog: () => [],
		async unary<O extends Operation>(call: Call<O>, signal: AbortSignal): Promise<Answer<O>> {
			const next = behaviour();
			if (next === "fails") throw failure();
			await Promise.resolve();
			if (next === "hangs") await hang(signal);
			if (next === "fails later") throw failure();
			const answer: unknown = {
				version: 1,
				request_id: "r",
				operation: call.operation,
				backend: { name: "fake", instance: "fake", latency_ms: 1, attempts: [] },
				result: { payload: chatResponse("x".repeat(bytes())) },
			};
			return answer as Answer<O>;
		},
		async stream<O extends Operation>() {
			const next = behaviour();
			if (next === "fails") throw failure();
			return async function* (signal: AbortSignal): AsyncGenerator<OperationMap[O]["event"]> {
				for (let count = 0; count < 4; count += 1) {
					await Promise.resolve();
					const event: cchat.Event = { type: "text", text: "y".repeat(bytes()) };
					yield event;
				}
				if (next === "hangs") await hang(signal);
				if (next === "fails later") throw failure();
				const last: cchat.Event = { type: "completed", completed: chatResponse("z".repeat(bytes())) };
				yield last;
			};
		},
		async connect<O extends Operation>() {
			const next = behaviour();
			if (next === "fails") throw failure();
			return async (signal: AbortSignal): Promise<PipelineSession<O>> => {
				if (next === "hangs") await hang(signal);
				const channel = new ScriptedChannel();
				const audio = { item_id: "i", audio: new Uint8Array(bytes()) };
				channel.deliver({ type: "audio", audio }, { type: "text", text: { item_id: "i", text: "t".repeat(bytes()) } });
				if (next === "fails later") channel.deliver(failure());
				else channel.block();
				signal.addEventListener("abort", () => channel.deliver("end"), { once: true });
				const session: unknown = { channel, downgrades: [], record: () => {}, end: () => undefined };
				return session as PipelineSession<O>;
			};
		},
	};
}
