import type { Operation } from "../../../../generated/ir/operations.ts";
import type { InstanceConfig } from "../../backend.ts";
import { readUpstream, type UpstreamOptions } from "../../kit/http/upstream-options.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import type { OpenAiServerDialect } from "../../kit/schema/dialects/openai-servers.ts";
import { type ChatOptions, readChatOptions } from "./cchat/options.ts";
import { type EmbeddingsOptions, readEmbeddingsOptions } from "./emb/options.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { type ImageOptions, readImageOptions } from "./img/options.ts";
import type { Preset, Presets } from "./preset.ts";
import { readSpeechOptions, type SpeechOptions } from "./tts/options.ts";

/** Options of an OpenAI-compatible upstream. */
export interface OpenAiOptions extends UpstreamOptions {
	/** Operations that the server has. Absent: all of the protocol. */
	readonly operations: readonly Operation[] | undefined;
	readonly chat: ChatOptions;
	readonly embeddings: EmbeddingsOptions;
	readonly images: ImageOptions;
	readonly speech: SpeechOptions;
}

const MISSING_URL =
	'is missing; it must be the URL of the upstream, e.g. "https://api.example.com/v1"; or options.preset must name a known server';

/** URL in place of that of an unknown preset. No request is sent to it, because a configuration with faults creates no backend. */
const UNKNOWN_PRESET_URL = "http://unknown-preset.invalid";

/**
 * Reads the options of an instance.
 *
 * @param presets Servers that the option `preset` may name. The operator's own settings replace those of the preset. The default is none.
 * @throws BackendConfigError that names the missing, wrong or unknown member.
 */
export function readOptions(config: InstanceConfig, presets: Presets = {}): OpenAiOptions {
	const named = config.options.preset;
	const preset = typeof named === "string" && Object.hasOwn(presets, named) ? presets[named] : undefined;
	const reader = new OptionReader(config.name, { ...preset?.options, ...config.options });
	const hasPresets = Object.keys(presets).length > 0;
	if (hasPresets) reader.string("preset", Object.keys(presets));
	// The URL of an unknown preset is unknown, not missing: the preset is the one fault.
	const isUnknown = hasPresets && named !== undefined && preset === undefined;
	const options: OpenAiOptions = {
		...readUpstream(config, reader, {
			baseUrl: preset?.baseUrl ?? (isUnknown ? UNKNOWN_PRESET_URL : undefined),
			endpoints: ENDPOINTS,
			missingUrl: hasPresets ? MISSING_URL : undefined,
		}),
		...readOperationOptions(reader, config.name, { preset }),
	};
	reader.finish();
	return options;
}

/** Reads the options of the operations. `instance` is the name of the instance. */
export function readOperationOptions(
	reader: OptionReader,
	instance: string,
	{ preset, dialect = "as-is" }: { readonly preset?: Preset | undefined; readonly dialect?: OpenAiServerDialect } = {},
): Omit<OpenAiOptions, keyof UpstreamOptions> {
	return {
		operations: preset?.operations,
		chat: readChatOptions(reader, instance, { quirks: preset?.chat, dialect }),
		embeddings: readEmbeddingsOptions(reader, preset?.dimensionsField),
		images: readImageOptions(reader),
		speech: readSpeechOptions(reader),
	};
}
