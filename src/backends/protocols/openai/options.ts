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
	if (Object.keys(presets).length > 0) reader.string("preset", Object.keys(presets));
	const options: OpenAiOptions = {
		...readUpstream(config, reader, { baseUrl: preset?.baseUrl, endpoints: ENDPOINTS }),
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
