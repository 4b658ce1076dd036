import type { Tts, EventStream as TtsEventStream } from "../../generated/hostcall/tts.ts";
import type * as tts from "../../generated/ir/tts.ts";
import { guestStream } from "./guest-stream.ts";
import type { Call, GuestScope } from "./scope.ts";

export function createTts(scope: GuestScope): Tts {
	return {
		async synthesize(request, options) {
			const response = await scope.pipeline.unary({ operation: "text_to_speech", payload: request, options }, scope.signal);
			return response.result.payload;
		},
		async synthesizeStream(request, options) {
			return openStream(scope, { operation: "text_to_speech", payload: request, options });
		},
		async listVoices(model) {
			return scope.pipeline.voices(model);
		},
	};
}

async function openStream(scope: GuestScope, call: Call<"text_to_speech">): Promise<TtsEventStream> {
	const open = await scope.pipeline.stream(call);
	let bytes = 0;
	return guestStream<tts.Event>(scope, {
		open,
		// What has been received by then comes before it, so that the guest has taken it when it learns of the failure.
		failed: (error) => ({ type: "failed", failed: { error: error.toRecord(), delivered_bytes: Math.min(bytes, 0xffff_ffff) } }),
		onReceive: (event) => {
			if (event.type === "audio") bytes += event.audio.byteLength;
		},
	});
}
