import type { BackendMedia } from "../../../../../generated/backends/backend.ts";
import type { ImageGenerationBackend } from "../../../../../generated/backends/image-generation.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { jpegHead, png } from "../../../../helpers/images.ts";
import { type MemoryMedia, memoryMedia } from "../../../../helpers/memory-media.ts";
import type { Behaviour, OpenAiServer } from "../../../../helpers/openai-server.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { KEY, upstream } from "../upstream.ts";

export interface Drawing {
	readonly create: (
		payload: Partial<img.Request>,
		more?: { extra?: Record<string, unknown>; media?: BackendMedia; signal?: AbortSignal },
	) => Promise<img.Response>;
	readonly server: OpenAiServer;
	/** Holds the images `a` and `b`, the mask `m`, the text `t`, and the files behind some URLs. */
	readonly media: MemoryMedia;
}

export const PHOTO = "https://images.example.com/photo";
export const PAGE = "https://images.example.com/page";

/** Runs a test against an upstream with this script. */
export function against(
	script: readonly Behaviour[],
	run: (drawing: Drawing) => Promise<void>,
	config: Partial<InstanceConfig> = {},
): Promise<void> {
	return upstream(
		script,
		async ({ backend, server }) => {
			const images: ImageGenerationBackend | undefined = backend.operations.image_generation;
			if (images === undefined) throw new Error("the kind serves no images");
			const media = memoryMedia({
				a: { bytes: Buffer.from("image a"), mimeType: "image/png" },
				b: { bytes: Buffer.from("image b"), mimeType: "image/jpeg" },
				m: { bytes: Buffer.from("mask"), mimeType: "image/png" },
				t: { bytes: Buffer.from("text"), mimeType: "text/plain" },
				[PHOTO]: { bytes: jpegHead(64, 48), mimeType: "image/jpeg" },
				[PAGE]: { bytes: Buffer.from("<html>gone</html>"), mimeType: "text/html" },
			});
			const create: Drawing["create"] = (payload, more = {}) => {
				const request: img.Request = { task: { type: "generate" }, prompt: "a cat", ...payload };
				if (request.task.type === "variation") delete request.prompt;
				return images.unary(
					envelopeOf("image_generation", request, Object(more.extra ?? {})),
					contextOf({ media: more.media ?? media, apiKey: KEY, ...(more.signal === undefined ? {} : { signal: more.signal }) }),
				);
			};
			await run({ create, server, media });
		},
		config,
	);
}

export const stored = (id: string): types.MediaRef => ({ type: "stored", stored: `sms+file://${id}` });

export const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** Returns a whole answer in the form of the API. */
export function images(data: readonly unknown[], more: object = {}): object {
	return { created: 1713833628, data, ...more };
}

export const ONE = images([{ b64_json: base64(png()) }]);
