import type * as tts from "../../../../../generated/ir/tts.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";

/** Options for speech. */
export interface SpeechOptions {
	/** Voice of a request that names none. The default is the first of `voices`. */
	readonly defaultVoice: string;
	/** Voices for discovery. The default is OpenAI's voices. */
	readonly voices: readonly tts.Voice[];
	/** True if the operator has configured `voices`. Requests may then name no other voice. */
	readonly voicesConfigured: boolean;
	/** `text`: SSML is reduced to its text. The default is `reject`. */
	readonly ssml: "reject" | "text";
}

/**
 * OpenAI's voices.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/createSpeech#audio-createspeech-voice
 */
const BUILT_IN = ["alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin", "cedar"];

/** Reads `voices`, a list of ids or of tables with `id`, `name`, `languages` and `description`, `default_voice` and `ssml`. */
export function readSpeechOptions(reader: OptionReader): SpeechOptions {
	const configured = reader.list("voices")?.map((item, index) => voiceOf(item, index, reader));
	const voices = configured ?? BUILT_IN.map((id) => ({ id, languages: [] }));
	const named = reader.string("default_voice");
	const ssml = reader.string("ssml", ["reject", "text"]) ?? "reject";
	const [first] = voices;
	if (first === undefined) reader.fault("voices", "must name at least one voice; leave it out for OpenAI's voices");
	if (new Set(voices.map(({ id }) => id)).size < voices.length) reader.fault("voices", "names a voice twice");
	if (named !== undefined && configured !== undefined && !configured.some(({ id }) => id === named))
		reader.fault("default_voice", `is not one of voices, which are ${configured.map(({ id }) => id).join(", ")}`);
	return { defaultVoice: named ?? first?.id ?? "", voices, voicesConfigured: configured !== undefined, ssml };
}

function voiceOf(item: unknown, index: number, reader: OptionReader): tts.Voice {
	const fields = typeof item === "string" ? { id: item } : item;
	if (!isObject(fields)) {
		reader.fault(["voices", index], "must be the id of a voice or a table");
		return { id: "", languages: [] };
	}
	const { id, name, languages, description, ...others } = fields;
	for (const unknown of Object.keys(others))
		reader.fault(["voices", index, unknown], "is not an option; the options of a voice are id, name, languages, description");
	const text = (member: string, value: unknown): string =>
		textOf(value) ?? reader.fault(["voices", index, member], "must be a string that is not empty") ?? "";
	const tags = languagesOf(languages);
	if (tags === undefined) reader.fault(["voices", index, "languages"], 'must be a list of language tags, e.g. ["en", "pt-BR"]');
	return {
		id: text("id", id),
		languages: tags ?? [],
		...(name === undefined ? {} : { name: text("name", name) }),
		...(description === undefined ? {} : { description: text("description", description) }),
	};
}

/** Returns the language tags of a voice, none for an absent list. `undefined` for another value. */
function languagesOf(value: unknown): string[] | undefined {
	if (value === undefined) return [];
	if (!Array.isArray(value)) return undefined;
	const tags = value.flatMap((tag: unknown) => textOf(tag) ?? []);
	return tags.length === value.length ? tags : undefined;
}
