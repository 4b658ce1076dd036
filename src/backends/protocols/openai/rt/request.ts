import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import { upstreamLanguage } from "../upstream-language.ts";
import type { RealtimeOptions } from "./options.ts";

/** Opening and configuration of a session. */
export interface SessionSetup {
	/** Query of the connection's URL. */
	readonly query: Readonly<Record<string, string>>;
	/** Member `session` of the first `session.update`. */
	readonly session: Readonly<Record<string, unknown>>;
}

/** Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into an event. */
const RESERVED = new Set(["type", "model", "audio", "instructions", "tools", "output_modalities", "include"]);

const FORMATS: { readonly [F in rt.AudioFormat]: Readonly<Record<string, unknown>> } = {
	pcm16: { type: "audio/pcm", rate: 24_000 },
	g711_ulaw: { type: "audio/pcmu" },
	g711_alaw: { type: "audio/pcma" },
};

/**
 * Returns the upstream's configuration for an envelope. Each member of the payload is translated or refused by name. The queues belong to
 * the host.
 *
 * @throws SpearError `invalid_request`.
 * @see https://platform.openai.com/docs/api-reference/realtime-client-events/session/update
 */
export function sessionSetup(envelope: RequestEnvelope<"realtime_voice">, config: InstanceConfig, options: RealtimeOptions): SessionSetup {
	const {
		model: requested,
		mode,
		instructions,
		voice,
		input_format,
		output_format,
		turn_detection,
		transcription_model,
		language,
		tools,
		send_queue: _send,
		receive_queue: _receive,
		...rest
	} = envelope.payload;
	assertNoFieldsLeft(rest);
	const model = upstreamModel(config, "realtime_voice", requested);
	const extra = allowedProviderOptions(envelope.provider_options, options, RESERVED);
	const input = {
		format: FORMATS[input_format ?? "pcm16"],
		...(turn_detection === undefined ? {} : { turn_detection: turnDetection(turn_detection) }),
	};
	const inLanguage = language === undefined ? {} : { language: upstreamLanguage(language) };
	if (mode === "transcription") {
		const transcription = { model, ...inLanguage };
		return {
			query: { intent: "transcription" },
			session: { ...extra, type: "transcription", audio: { input: { ...input, transcription } } },
		};
	}
	if (language !== undefined && transcription_model === undefined) {
		throw new SpearError(
			"invalid_request",
			"language: this backend uses it only to transcribe input; name a transcription_model too, or leave it out",
		);
	}
	const transcription =
		transcription_model === undefined
			? {}
			: { transcription: { model: upstreamModel(config, "realtime_voice", transcription_model), ...inLanguage } };
	return {
		query: { model },
		session: {
			...extra,
			type: "realtime",
			...(instructions === undefined ? {} : { instructions }),
			audio: {
				input: { ...input, ...transcription },
				output: { format: FORMATS[output_format ?? "pcm16"], ...(voice === undefined ? {} : { voice }) },
			},
			...(tools.length === 0 ? {} : { tools: tools.map((tool) => ({ type: "function", ...tool })) }),
		},
	};
}

function turnDetection(detection: rt.TurnDetection): Readonly<Record<string, unknown>> | null {
	switch (detection.type) {
		case "manual":
			return null;
		case "server_vad":
			return { type: "server_vad", ...detection.server_vad };
		case "semantic_vad":
			return { type: "semantic_vad", eagerness: detection.semantic_vad };
	}
}
