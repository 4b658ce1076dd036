import type { RealtimeVoiceBackend } from "../../../../../generated/backends/realtime-voice.ts";
import type { WebSocketClient } from "../../../../transport/websocket/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import type { ProbeContext } from "../../../discovery.ts";
import { authHeaders, contextHeaders } from "../../../kit/auth.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import { RealtimeChannel } from "./channel.ts";
import { MessageReader } from "./message-reader.ts";
import type { RealtimeOptions } from "./options.ts";
import { sessionSetup } from "./request.ts";
import { REALTIME_RULES } from "./rules.ts";
import { startSession } from "./start.ts";

export const RT_CAPABILITIES: OperationCapabilities<"realtime_voice"> = {
	transports: ["bidi_stream"],
	features: offeredFeatures("realtime_voice", REALTIME_RULES),
	rules: REALTIME_RULES,
};

/**
 * `realtime_voice` over a WebSocket at `/realtime`.
 *
 * @see https://platform.openai.com/docs/guides/realtime-websocket
 */
export function openAiRealtime(socket: WebSocketClient, config: InstanceConfig, options: RealtimeOptions): RealtimeVoiceBackend {
	return {
		async connect(envelope, context) {
			const { signal, apiKey } = context;
			const setup = sessionSetup(envelope, config, options);
			const headers = contextHeaders(options, context);
			const connection = await socket.connect({ path: "/realtime", query: setup.query, headers, secret: apiKey, signal });
			const messages = new MessageReader(connection.messages());
			const { mode, transcription_model } = envelope.payload;
			const answers = mode === "conversation";
			try {
				const started = await startSession({
					exchange: connection.exchange,
					messages,
					configure: () => connection.send(JSON.stringify({ type: "session.update", session: setup.session })),
					waitMs: options.startTimeoutMs,
				});
				const transcribes = !answers || transcription_model !== undefined;
				return new RealtimeChannel(connection, messages, { ...started, answers, transcribes, silenceMs: options.silenceTimeoutMs });
			} catch (error) {
				void connection.close();
				throw error;
			}
		},
	};
}

/** Opens a connection and closes it at once. A session that is not configured costs nothing. */
export async function probeRealtime(
	socket: WebSocketClient,
	config: InstanceConfig,
	options: RealtimeOptions,
	{ signal, apiKey }: ProbeContext,
): Promise<void> {
	const query = { model: upstreamModel(config, "realtime_voice", undefined) };
	const connection = await socket.connect({ path: "/realtime", query, headers: authHeaders(options, apiKey), secret: apiKey, signal });
	await connection.close();
}
