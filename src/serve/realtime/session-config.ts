import type * as rt from "../../../generated/ir/rt.ts";
import type { CallOptions, JsonObject } from "../../../generated/ir/types.ts";
import { jsonObject } from "../openai/call-options.ts";
import { type FieldNames, invalid, unsupported } from "../openai/errors.ts";
import { fieldNames } from "../openai/field-names.ts";
import { Fields, type JsonRecord, objectAt } from "../openai/fields.ts";
import { formatOf, formatView } from "./audio-format.ts";
import { turnDetectionOf, turnDetectionView } from "./turn-detection.ts";

const NAMES = fieldNames([
	["instructions", "session.instructions"],
	["voice", "session.audio.output.voice"],
	["input_format", "session.audio.input.format"],
	["output_format", "session.audio.output.format"],
	["turn_detection", "session.audio.input.turn_detection"],
	["transcription_model", "session.audio.input.transcription.model"],
	["language", "session.audio.input.transcription.language"],
	["tools", "session.tools"],
]);

/** Names the client's member for a path of the host. */
export const sessionFieldNames: FieldNames = (path) => (path.startsWith("provider_options.") ? `session.${NAMES(path)}` : NAMES(path));

/** Members of the beta protocol, and what replaced them. */
const BETA_MEMBERS: ReadonlyMap<string, string> = new Map([
	["modalities", "output_modalities"],
	["voice", "audio.output.voice"],
	["input_audio_format", "audio.input.format"],
	["output_audio_format", "audio.output.format"],
	["input_audio_transcription", "audio.input.transcription"],
	["input_audio_noise_reduction", "audio.input.noise_reduction"],
	["turn_detection", "audio.input.turn_detection"],
	["max_response_output_tokens", "max_output_tokens"],
]);

/** Values of members that ask for nothing beyond the default. */
const DEFAULTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
	["tool_choice", "auto"],
	["max_output_tokens", "inf"],
	["truncation", "auto"],
	["parallel_tool_calls", true],
]);

/** Configuration of a session, as updates of the client add to it before the session begins. */
export class SessionConfig {
	readonly mode: rt.Mode;
	readonly #request: rt.Request;
	readonly #extra: JsonObject;

	private constructor(request: rt.Request, extra: JsonObject) {
		this.mode = request.mode;
		this.#request = request;
		this.#extra = extra;
	}

	/** @param model Model that the URL names. */
	static of(mode: rt.Mode, model: string | undefined): SessionConfig {
		return new SessionConfig({ mode, ...(model === undefined ? {} : { model }), tools: [] }, {});
	}

	/** Configuration of the host's session, with its members in the order of a guest's. */
	get payload(): rt.Request {
		const { mode, tools, model, instructions, voice, input_format, output_format, turn_detection, transcription_model, language } =
			this.#request;
		return {
			mode,
			tools,
			...(model === undefined ? {} : { model }),
			...(instructions === undefined ? {} : { instructions }),
			...(voice === undefined ? {} : { voice }),
			...(input_format === undefined ? {} : { input_format }),
			...(output_format === undefined ? {} : { output_format }),
			...(turn_detection === undefined ? {} : { turn_detection }),
			...(transcription_model === undefined ? {} : { transcription_model }),
			...(language === undefined ? {} : { language }),
		};
	}

	/** Members that the host has no field for. A backend passes those that its operator allows. */
	get options(): CallOptions | undefined {
		return Object.keys(this.#extra).length === 0 ? undefined : { provider_options: this.#extra };
	}

	/**
	 * Returns the configuration after a `session.update`. Members that the update lacks stay as they are.
	 *
	 * @see https://platform.openai.com/docs/api-reference/realtime-client-events/session/update
	 * @throws RequestError that names the member at fault.
	 */
	updated(session: Fields): SessionConfig {
		const type = session.oneOf("type", ["realtime", "transcription"] as const);
		if (type !== undefined && type !== (this.mode === "conversation" ? "realtime" : "transcription"))
			throw invalid("session.type", "differs from the type of the connection; connect with or without intent=transcription");
		for (const [member, replacement] of BETA_MEMBERS)
			if (session.any(member) !== undefined) throw unsupported(`session.${member}`, `is of the beta protocol; use session.${replacement}`);
		const request = this.#conversationMembers(session, this.#audioMembers(session, this.#request));
		const extra = { ...this.#extra };
		for (const [name, value] of session.rest()) {
			if (DEFAULTS.get(name) === value) delete extra[name];
			else Object.assign(extra, jsonObject([[name, value]]));
		}
		return new SessionConfig(request, extra);
	}

	/** Returns the session as events of the server describe it. */
	view(id: string): JsonRecord {
		const { model, instructions, voice, input_format, output_format, turn_detection, transcription_model, language, tools } = this.#request;
		const isTranscription = this.mode === "transcription";
		const transcribing = isTranscription ? model : transcription_model;
		const input = {
			format: formatView(input_format),
			transcription: transcribing === undefined ? null : { model: transcribing, ...(language === undefined ? {} : { language }) },
			noise_reduction: null,
			...(turn_detection === undefined ? {} : { turn_detection: turnDetectionView(turn_detection) }),
		};
		if (isTranscription) return { type: "transcription", object: "realtime.transcription_session", id, audio: { input } };
		return {
			type: "realtime",
			object: "realtime.session",
			id,
			...(model === undefined ? {} : { model }),
			output_modalities: ["audio"],
			instructions: instructions ?? "",
			tools: tools.map((tool) => ({ type: "function", ...tool })),
			tool_choice: "auto",
			max_output_tokens: "inf",
			...this.#extra,
			audio: { input, output: { format: formatView(output_format), ...(voice === undefined ? {} : { voice }) } },
		};
	}

	#audioMembers(session: Fields, before: rt.Request): rt.Request {
		let request = before;
		const audio = session.fields("audio");
		const input = audio?.fields("input");
		const output = audio?.fields("output");
		audio?.assertNoRest();
		if (input !== undefined) request = this.#input(input, audio?.object("input") ?? {}, request);
		if (output !== undefined) {
			if (this.mode === "transcription") throw unsupported("session.audio.output", "a transcription has no output; leave it out");
			const format = formatOf(output.fields("format"));
			const voice = voiceOf(output);
			refuseUnless(output, "speed", 1);
			output.assertNoRest();
			request = { ...request, ...(format === undefined ? {} : { output_format: format }), ...(voice === undefined ? {} : { voice }) };
		}
		return request;
	}

	/** @param raw The members of `input`, among which `null` has a meaning. */
	#input(input: Fields, raw: JsonRecord, before: rt.Request): rt.Request {
		const { turn_detection, transcription_model, language, ...rest } = before;
		const format = formatOf(input.fields("format"));
		const detection = raw.turn_detection === null ? ({ type: "manual" } as const) : turnDetectionOf(input.fields("turn_detection"));
		const transcription = input.fields("transcription");
		refuseUnless(input, "noise_reduction", undefined);
		input.assertNoRest();
		const kept = raw.transcription === null ? {} : { ...present({ transcription_model, language }) };
		return {
			...rest,
			...kept,
			...(transcription === undefined ? {} : this.#transcription(transcription)),
			...(format === undefined ? {} : { input_format: format }),
			...((detection ?? turn_detection) === undefined ? {} : { turn_detection: detection ?? turn_detection }),
		};
	}

	#transcription(transcription: Fields): Pick<rt.Request, "model" | "transcription_model" | "language"> {
		const model = transcription.text("model");
		const language = transcription.text("language");
		if ((transcription.text("prompt") ?? "") !== "")
			throw unsupported("session.audio.input.transcription.prompt", "is not supported; leave it out");
		transcription.assertNoRest();
		const named = model === undefined ? {} : this.mode === "transcription" ? { model } : { transcription_model: model };
		return { ...named, ...(language === undefined || language === "" ? {} : { language }) };
	}

	#conversationMembers(session: Fields, request: rt.Request): rt.Request {
		const model = session.text("model");
		const instructions = session.text("instructions");
		const tools = session.list("tools")?.map((tool, index) => toolOf(tool, `session.tools[${index}]`));
		assertSpoken(session.texts("output_modalities"), "session.output_modalities");
		if ((session.list("include") ?? []).length > 0)
			throw unsupported("session.include", "the host has no probabilities of tokens; leave it out");
		if (this.mode === "transcription" && (model !== undefined || instructions !== undefined || (tools ?? []).length > 0))
			throw unsupported("session", "a transcription has neither model, instructions nor tools; use session.audio.input.transcription");
		return {
			...request,
			...(model === undefined ? {} : { model }),
			...(instructions === undefined ? {} : { instructions }),
			...(tools === undefined ? {} : { tools }),
		};
	}
}

/** Refuses other modalities than sound. */
export function assertSpoken(modalities: readonly string[] | undefined, path: string): void {
	if (modalities !== undefined && (modalities.length !== 1 || modalities[0] !== "audio"))
		throw unsupported(path, 'responses are spoken; leave it out, or use ["audio"]');
}

/** Refuses a member that holds another value than this. */
function refuseUnless(fields: Fields, name: string, allowed: unknown): void {
	const value = fields.any(name);
	if (value !== undefined && value !== allowed) throw unsupported(fields.at(name), "is not supported; leave it out");
}

/** Returns the members that are not undefined. */
function present({ transcription_model, language }: { transcription_model: string | undefined; language: string | undefined }) {
	return { ...(transcription_model === undefined ? {} : { transcription_model }), ...(language === undefined ? {} : { language }) };
}

function voiceOf(output: Fields): string | undefined {
	if (typeof output.any("voice") !== "object") return output.text("voice");
	const voice = output.fields("voice");
	const id = voice?.requiredText("id");
	voice?.assertNoRest();
	return id;
}

function toolOf(value: unknown, path: string): rt.Tool {
	const fields = new Fields(value, path);
	const type = fields.requiredText("type");
	if (type !== "function") throw unsupported(`${path}.type`, "only functions of the client are supported");
	const name = fields.requiredText("name");
	const description = fields.text("description");
	const parameters = objectAt(fields.any("parameters") ?? {}, `${path}.parameters`);
	fields.assertNoRest();
	return { name, parameters: jsonObject(Object.entries(parameters)), ...(description === undefined ? {} : { description }) };
}
