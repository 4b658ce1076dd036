import type { RealtimeVoiceBackend } from "../../../../../generated/backends/realtime-voice.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { WebSocketClient } from "../../../../transport/websocket/client.ts";
import type { WebSocketConnection } from "../../../../transport/websocket/connection.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { authHeaders } from "../../../kit/auth.ts";
import { LANGUAGE_DOWNGRADE } from "../upstream-language.ts";
import { RealtimeChannel } from "./channel.ts";
import { eventError } from "./error.ts";
import { ServerEvent } from "./event.ts";
import type { RealtimeOptions } from "./options.ts";
import { type SessionSetup, sessionSetup } from "./request.ts";

export const RT_CAPABILITIES: OperationCapabilities = {
	transports: ["bidi_stream"],
	features: ["supports_input_transcription", "supports_semantic_vad", "supports_tools"],
	downgrades: [LANGUAGE_DOWNGRADE],
};

/**
 * `realtime_voice` over a WebSocket at `/realtime`.
 *
 * @see https://platform.openai.com/docs/guides/realtime-websocket
 */
export function openAiRealtime(socket: WebSocketClient, config: InstanceConfig, options: RealtimeOptions): RealtimeVoiceBackend {
	return {
		async connect(envelope, { signal, apiKey }) {
			const setup = sessionSetup(envelope, config, options);
			const headers = authHeaders(options, apiKey);
			const connection = await socket.connect({ path: "/realtime", query: setup.query, headers, secret: apiKey, signal });
			const messages = connection.messages();
			try {
				await configure(connection, messages, setup);
			} catch (error) {
				void connection.close();
				throw error;
			}
			const { mode, transcription_model } = envelope.payload;
			const answers = mode === "conversation";
			return new RealtimeChannel(connection, messages, { answers, transcribes: !answers || transcription_model !== undefined });
		},
	};
}

/** Configures the session. Resolves when the server has replaced its own configuration. */
async function configure(connection: WebSocketConnection, messages: AsyncGenerator<string>, { session }: SessionSetup): Promise<void> {
	for (;;) {
		const message = await messages.next();
		if (message.done === true) {
			throw new SpearError("backend_error", "the backend ended the session before it started", { retryable: true });
		}
		const event = ServerEvent.parse(message.value, connection.exchange);
		if (event.type === "error") throw eventError(connection.exchange, event.object("error"));
		if (event.type === "session.created") await connection.send(JSON.stringify({ type: "session.update", session }));
		if (event.type === "session.updated") return;
	}
}
