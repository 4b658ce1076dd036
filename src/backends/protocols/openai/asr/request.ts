import type * as asr from "../../../../../generated/ir/asr.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { MultipartField } from "../../../../transport/http/multipart.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import type { OpenAiOptions } from "../options.ts";

/** What the upstream has no place for. */
export const TRANSCRIPT_DOWNGRADES = [
	"the language of a recording to be translated is not sent: the upstream finds it out",
	"a translation, or a transcript with times, is not streamed by the upstream: its events come all at once at the end",
];

/** The form of the answer. */
export type TranscriptFormat = "json" | "verbose_json" | "diarized_json";

/** An upstream request for one envelope, without the recording. */
export interface TranscriptRequest {
	readonly path: "/audio/transcriptions" | "/audio/translations";
	readonly fields: readonly MultipartField[];
	/** What must be in the answer, besides the text. */
	readonly expected: readonly ("segments" | "words")[];
}

const RESERVED = new Set([
	"file",
	"model",
	"language",
	"prompt",
	"response_format",
	"temperature",
	"timestamp_granularities",
	"stream",
	"include",
]);

/**
 * The upstream's request. `streamed` asks for a stream, which the upstream grants where it can.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/createTranscription
 * @see https://platform.openai.com/docs/api-reference/audio/createTranslation
 * @throws SpearError `missing_capabilities` for what the upstream cannot do at once, `invalid_request`.
 */
export function transcriptRequest(
	envelope: RequestEnvelope<"speech_to_text">,
	config: InstanceConfig,
	options: OpenAiOptions,
	streamed: boolean,
): TranscriptRequest {
	const { model, audio: _, task, language, prompt, timestamps = [], diarize = false, temperature, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	const translate = task === "translate";
	refuseImpossible(translate, timestamps, diarize);
	const format: TranscriptFormat = diarize ? "diarized_json" : timestamps.length > 0 ? "verbose_json" : "json";
	const extra = allowedProviderOptions(envelope.provider_options, options, RESERVED);
	const fields: [string, string | undefined][] = [
		["model", upstreamModel(config, "speech_to_text", model)],
		["language", translate ? undefined : language],
		["prompt", prompt],
		["temperature", temperature?.toString()],
		["response_format", format],
		// Long recordings cannot be told apart by speaker without it.
		["chunking_strategy", diarize && extra.chunking_strategy === undefined ? "auto" : undefined],
		...(format === "verbose_json" && !translate ? timestamps.map((unit): [string, string] => ["timestamp_granularities[]", unit]) : []),
		["stream", streamed && !translate && format !== "verbose_json" ? "true" : undefined],
		...Object.entries(extra).flatMap(([name, value]) => fieldsOf(name, value)),
	];
	return {
		path: translate ? "/audio/translations" : "/audio/transcriptions",
		fields: fields.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
		expected: [
			...(diarize || timestamps.includes("segment") ? (["segments"] as const) : []),
			...(timestamps.includes("word") ? (["words"] as const) : []),
		],
	};
}

function refuseImpossible(translate: boolean, timestamps: asr.Timestamps, diarize: boolean): void {
	const refuse = (what: string): never => {
		throw new SpearError("missing_capabilities", what);
	};
	if (translate && diarize) refuse("diarize: this backend cannot tell speakers apart in a translation");
	if (translate && timestamps.includes("word")) refuse("timestamps: this backend cannot time the words of a translation; ask for segments");
	if (diarize && timestamps.includes("word"))
		refuse("timestamps: this backend cannot time words and tell speakers apart; ask for segments");
}

/** A member of `provider_options` as form fields: lists as `name[]`, objects as `name[member]`. */
function fieldsOf(name: string, value: unknown): [string, string][] {
	if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return [[name, String(value)]];
	if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(`${name}[]`, item));
	if (typeof value === "object" && value !== null)
		return Object.entries(value).flatMap(([member, item]) => fieldsOf(`${name}[${member}]`, item));
	throw new SpearError("invalid_request", `provider_options.${name}: a form has no place for null; leave it out`);
}
