import { WebSocketClient } from "../../../transport/websocket/client.ts";
import type { BackendKind } from "../../backend.ts";
import { openAiErrors } from "../../protocols/openai/errors.ts";
import { openAiRealtime, probeRealtime, RT_CAPABILITIES } from "../../protocols/openai/rt/backend.ts";
import { readOptions } from "../../protocols/openai/rt/options.ts";

/** OpenAI's Realtime API, and compatible servers. */
export const openaiRealtime: BackendKind = {
	name: "openai-realtime",
	create(config, network) {
		const options = readOptions(config);
		const socket = new WebSocketClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			...(network === undefined ? {} : { network }),
			onStatus: openAiErrors.onStatus,
		});
		return {
			operations: {
				chat_completions: undefined,
				embeddings: undefined,
				image_generation: undefined,
				speech_to_text: undefined,
				text_to_speech: undefined,
				realtime_voice: openAiRealtime(socket, config, options),
			},
			capabilities: { realtime_voice: RT_CAPABILITIES },
			probe: (context) => probeRealtime(socket, config, options, context),
			close: () => socket.close(),
		};
	},
};
