import type { Operation } from "../../../../generated/ir/operations.ts";
import { cancelledError } from "../../../errors/spear-error.ts";
import { MANIFEST } from "../../../model-store/manifest.ts";
import { ModelStore } from "../../../model-store/model-store.ts";
import type { BackendKind, InstanceConfig } from "../../backend.ts";
import { localTranscripts, TRANSCRIPT_CAPABILITIES } from "../../protocols/local/asr/backend.ts";
import { speechEngines } from "../../protocols/local/asr/engines.ts";
import { checkParts } from "../../protocols/local/check-parts.ts";
import { EMBEDDINGS_CAPABILITIES, localEmbeddings } from "../../protocols/local/emb/backend.ts";
import { IMAGE_CAPABILITIES, localImages } from "../../protocols/local/img/backend.ts";
import type { ModelFiles } from "../../protocols/local/model-files.ts";
import type { LocalContext, LocalOperations } from "../../protocols/local/operation.ts";
import { INSTALLED_PACKAGES, type PackagePaths } from "../../protocols/local/package-paths.ts";
import { readyOperations } from "../../protocols/local/ready-operations.ts";
import { localRealtime, REALTIME_CAPABILITIES } from "../../protocols/local/rt/backend.ts";
import { localSpeech, SPEECH_CAPABILITIES } from "../../protocols/local/tts/backend.ts";
import { Synthesizer } from "../../protocols/local/tts/synthesizer.ts";
import { readOptions } from "./options.ts";

/** Models that run in threads of the host's own process. A missing model or package fails only the requests that need it. */
export const local: BackendKind = localKind((folder) => ({
	filesOf: async (name) => new ModelStore(folder).filesOf(name),
	checksOf: (name) => new ModelStore(folder).checksOf(name),
	memoryOf: (name) => MANIFEST.models.find((model) => model.name === name)?.memoryBytes,
}));

/**
 * Returns the kind with another source of models and packages.
 *
 * @param filesIn Returns the models of a folder, or of the default folder.
 * @param packages Packages of the engines.
 */
export function localKind(filesIn: (folder: string | undefined) => ModelFiles, packages: PackagePaths = INSTALLED_PACKAGES): BackendKind {
	return {
		name: "local",
		async embedded() {
			const config = { name: "local", kind: "local", models: [], options: {} };
			const operations = await readyOperations(operationsOf(contextOf(config, filesIn).context, packages));
			return operations.length === 0 ? undefined : { operations };
		},
		create(config) {
			const { context, engines } = contextOf(config, filesIn);
			const parts = operationsOf(context, packages);
			const isServed = (operation: Operation): boolean => config.operations?.includes(operation) ?? true;
			return {
				operations: {
					chat_completions: parts.chat_completions?.backend,
					embeddings: parts.embeddings?.backend,
					image_generation: parts.image_generation?.backend,
					speech_to_text: parts.speech_to_text?.backend,
					text_to_speech: parts.text_to_speech?.backend,
					realtime_voice: parts.realtime_voice?.backend,
				},
				capabilities: {
					embeddings: EMBEDDINGS_CAPABILITIES,
					image_generation: IMAGE_CAPABILITIES,
					speech_to_text: TRANSCRIPT_CAPABILITIES,
					text_to_speech: SPEECH_CAPABILITIES,
					realtime_voice: REALTIME_CAPABILITIES,
				},
				residentModels: () =>
					engines
						.filter(({ operations }) => operations.some(isServed))
						.map(({ name, engine }) => ({ name, isLoaded: engine.isLoaded, memoryBytes: context.files.memoryOf?.(name) })),
				probe: () => checkParts(parts, isServed),
				async close() {
					const reason = cancelledError("the backend was shut down while it served this call");
					await Promise.all(Object.values(parts).map((part) => part?.close(reason)));
				},
			};
		},
	};
}

/** An engine, the model that takes its memory, and the operations that use it. */
interface NamedEngine {
	readonly name: string;
	readonly engine: { readonly isLoaded: boolean };
	readonly operations: readonly Operation[];
}

/** Returns the context of an instance, and the engines that its operations make. */
function contextOf(
	config: InstanceConfig,
	filesIn: (folder: string | undefined) => ModelFiles,
): { readonly context: LocalContext; readonly engines: readonly NamedEngine[] } {
	const options = readOptions(config);
	const engines: NamedEngine[] = [];
	const context: LocalContext = {
		config,
		options,
		files: filesIn(options.modelsDir),
		register: (name, engine, operations) => engines.push({ name, engine, operations }),
	};
	return { context, engines };
}

/** Returns the operations of an instance. None of them has started its engine. */
function operationsOf(context: LocalContext, packages: PackagePaths): LocalOperations {
	const engines = speechEngines(context, packages);
	const synthesizer = new Synthesizer(context);
	return {
		chat_completions: undefined,
		embeddings: localEmbeddings(context, packages),
		image_generation: localImages(context),
		speech_to_text: localTranscripts(context, engines),
		text_to_speech: localSpeech(context, synthesizer),
		realtime_voice: localRealtime(context, engines, synthesizer),
	};
}
