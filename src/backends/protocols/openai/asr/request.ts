import type * as asr from "../../../../../generated/ir/asr.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { MultipartField } from "../../../../transport/http/multipart.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import type { OpenAiOptions } from "../options.ts";
import { upstreamLanguage } from "../upstream-language.ts";

/** Form of the answer. */
export type TranscriptFormat = "json" | "verbose_json" | "diarized_json";

/** Upstream request for an envelope, without the recording. */
export interface TranscriptRequest {
	readonly path: "/audio/transcriptions" | "/audio/translations";
	readonly fields: readonly MultipartField[];
	/** The upstream's name of the model. */
	readonly model: string;
	/** Names of the fields that no wish of the guest needs. */
	readonly added: readonly string[];
	/** Members that the answer must have in addition to the text. */
	readonly expected: readonly ("segments" | "words")[];
}

/** Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into a result. */
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
 * Returns the upstream's request.
 *
 * @param streamed Requests a stream. The upstream may answer whole.
 * @see https://platform.openai.com/docs/api-reference/audio/createTranscription
 * @see https://platform.openai.com/docs/api-reference/audio/createTranslation
 * @throws SpearError `missing_capabilities` for a combination that the upstream does not support; `invalid_request`.
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
	const upstream = upstreamModel(config, "speech_to_text", model);
	const fields: [string, string | undefined][] = [
		["model", upstream],
		["language", translate || language === undefined ? undefined : upstreamLanguage(language)],
		["prompt", prompt],
		["temperature", temperature?.toString()],
		["response_format", format],
		// The upstream requires it to distinguish the speakers of a long recording.
		["chunking_strategy", diarize && extra.chunking_strategy === undefined ? "auto" : undefined],
		...(format === "verbose_json" && !translate ? timestamps.map((unit): [string, string] => ["timestamp_granularities[]", unit]) : []),
		["stream", streamed && !translate && format !== "verbose_json" ? "true" : undefined],
		...Object.entries(extra).flatMap(([name, value]) => fieldsOf(name, value)),
	];
	return {
		path: translate ? "/audio/translations" : "/audio/transcriptions",
		model: upstream,
		// Without `stream` the answer arrives whole, and JSON is the default of servers.
		added: ["stream", ...(format === "json" ? ["response_format"] : [])].filter((name) =>
			fields.some(([field, value]) => field === name && value !== undefined),
		),
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
	if (translate && diarize) refuse("diarize: this backend cannot distinguish speakers in a translation");
	if (translate && timestamps.includes("word"))
		refuse("timestamps: this backend has no word timestamps for a translation; request segments");
	if (diarize && timestamps.includes("word"))
		refuse("timestamps: this backend cannot combine word timestamps with diarization; request segments");
}

/** Returns a member of `provider_options` as form fields: lists as `name[]`, objects as `name[member]`. */
function fieldsOf(name: string, value: unknown): [string, string][] {
	if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return [[name, String(value)]];
	if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(`${name}[]`, item));
	if (typeof value === "object" && value !== null)
		return Object.entries(value).flatMap(([member, item]) => fieldsOf(`${name}[${member}]`, item));
	throw new SpearError("invalid_request", `provider_options.${guestName(name)}: a form cannot hold null; leave it out`);
}
