import type { Asr, EventStream as AsrEventStream } from "../../generated/hostcall/asr.ts";
import type * as asr from "../../generated/ir/asr.ts";
import { guestStream } from "./guest-stream.ts";
import { PartialAnswer } from "./partial-answer.ts";
import type { Call, GuestScope } from "./scope.ts";

export function createAsr(scope: GuestScope): Asr {
	return {
		async transcribe(request, options) {
			const response = await scope.pipeline.unary({ operation: "speech_to_text", payload: request, options }, scope.signal);
			return response.result.payload;
		},
		async transcribeStream(request, options) {
			return openStream(scope, { operation: "speech_to_text", payload: request, options });
		},
	};
}

async function openStream(scope: GuestScope, call: Call<"speech_to_text">): Promise<AsrEventStream> {
	const open = await scope.pipeline.stream(call);
	let partial = "";
	const kept = new PartialAnswer(scope.memory);
	return guestStream<asr.Event>(scope, {
		open,
		failed: (error) => ({ type: "failed", failed: { error: error.toRecord(), partial } }),
		onReceive: (event) => {
			if (event.type !== "text") return;
			partial += event.text;
			kept.keep(event.text);
		},
		onClose: () => kept.close(),
	});
}
