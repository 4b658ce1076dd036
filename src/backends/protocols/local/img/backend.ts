import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../../backend.ts";
import { EngineThread, threadModule } from "../../../kit/engine/engine-thread.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import type { LocalContext, LocalOperation } from "../operation.ts";
import { operationQueue } from "../operation-queue.ts";
import { checkModel } from "../served-model.ts";
import type { PaintTask } from "./paint.ts";
import { paintTasks } from "./request.ts";
import { IMAGE_RULES, MODEL } from "./rules.ts";
import { sceneOf } from "./scene.ts";

export const IMAGE_CAPABILITIES: OperationCapabilities<"image_generation"> = {
	transports: ["unary"],
	models: [MODEL],
	features: offeredFeatures("image_generation", IMAGE_RULES),
	rules: IMAGE_RULES,
};

/**
 * `image_generation` without a model: a program paints the things that it knows by name. Equal requests have equal pictures. The revised prompt
 * of each image says so, and names the words that were understood.
 */
export function localImages({ config, options }: LocalContext): LocalOperation<"image_generation"> {
	const closing = new AbortController();
	const queue = operationQueue(options);
	const engine = new EngineThread<PaintTask, Uint8Array<ArrayBuffer>>({
		title: "images",
		entry: threadModule("./painter-thread", import.meta.url),
		settings: async () => undefined,
		// The queue bounds the requests. Each has one task at most.
		maxPending: Number.POSITIVE_INFINITY,
		idleMs: options.idleMs,
	});

	async function painted(task: PaintTask, caller: Pick<BackendContext, "signal" | "guest">): Promise<Uint8Array> {
		const files: Uint8Array[] = [];
		await engine.run(task, { ...caller, onEvent: (file) => files.push(file) });
		const [file] = files;
		if (file === undefined) throw new SpearError("internal", "the engine of images returned no picture");
		return file;
	}

	return {
		backend: {
			async unary(envelope, { media, signal: ofCall, guest }) {
				const signal = AbortSignal.any([ofCall, closing.signal]);
				if (signal.aborted) throw abortError(signal);
				checkModel(config, "image_generation", envelope.payload.model, MODEL);
				const tasks = paintTasks(envelope);
				const revised_prompt = understood(envelope.payload.prompt ?? "");
				const leave = await queue.enter(signal, guest);
				try {
					const images: img.Image[] = [];
					for (const task of tasks) {
						const { reference } = await media.store(once(await painted(task, { signal, guest })), "image/png", signal);
						images.push({ media: reference, mime_type: "image/png", size: { width: task.width, height: task.height }, revised_prompt });
					}
					return { model: MODEL, images };
				} finally {
					leave();
				}
			},
		},
		async check() {},
		async close(reason) {
			closing.abort(reason);
			await engine.close(reason);
		},
	};
}

function understood(prompt: string): string {
	const { words } = sceneOf(prompt);
	const subject = words.length === 0 ? "a play of colours, because no word of the prompt is known" : words.join(", ");
	return `painted by a program, not by a model: ${subject}`;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}
