import type * as img from "../../../../generated/ir/img.ts";
import type { HostClient } from "../../../host/client.ts";
import { type Context, Hono, LightResponse } from "../../hono.ts";
import { HttpError } from "../../http-error.ts";
import type { ServeContext, ServeEnv } from "../../serve-context.ts";
import { bodyBounds, readJsonBody } from "../body.ts";
import { failedAnswer } from "../failed-answer.ts";
import { checkOperation, type ServedCall, servedCall } from "../served-call.ts";
import { type StreamedBodyOptions, streamedBody } from "../streamed-body.ts";
import { readUpload, removeMedia, type Upload, type UploadForm } from "../upload.ts";
import type { ImageLinks } from "./image-links.ts";
import { mediaChunks } from "./media-chunks.ts";
import { editCall, generationCall, type ImagesCall, imagesFieldNames, type UploadedImages, variationCall } from "./request.ts";
import { completedEvent, imagesBody } from "./response.ts";

/** Most images of an edit, as OpenAI's. */
const MAX_IMAGES = 16;

const FORM: UploadForm = {
	files: new Map([
		["image", MAX_IMAGES],
		["mask", 1],
	]),
	types: { numbers: ["n", "seed", "partial_images", "output_compression"], booleans: ["stream"], lists: [] },
	extensions: new Map([
		["png", "image/png"],
		["jpg", "image/jpeg"],
		["jpeg", "image/jpeg"],
		["webp", "image/webp"],
		["gif", "image/gif"],
	]),
};

/** Path below which images of answers are found. */
const LINKS_PATH = "/images/files";

/** Types of images that are served as such. Anything else is a file to save: a browser would run the scripts of some types. */
const SHOWN_TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"]);

/** Makes the call of one endpoint. */
type CallOf = (members: Upload["members"], uploaded: UploadedImages) => ImagesCall;

/** Creates the application of `POST /images/generations`, `/images/edits` and `/images/variations`. */
export function imagesApp(context: ServeContext, links: ImageLinks): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	app.onError((thrown, c) => failedAnswer(thrown, c, context, imagesFieldNames));
	const maxBytes = (): number => context.settings().server.maxBodyBytes;
	app.post("/images/generations", async (c) => {
		const call = generationCall(await readJsonBody(c.req.raw, bodyBounds(c, context)));
		return answered(c, context, call, links);
	});
	const uploading = (callOf: CallOf) => async (c: Context<ServeEnv>) => {
		checkOperation(c, "image_generation");
		const upload = await readUpload(c.req.raw, c.get("client").hostClient.media, FORM, maxBytes());
		try {
			return await answered(c, context, callOf(upload.members, imagesOf(upload)), links);
		} finally {
			upload.release();
		}
	};
	app.post("/images/edits", uploading(editCall));
	app.post("/images/variations", uploading(variationCall));
	return app;
}

/** Creates the application of the URLs in answers: `GET /images/files/<token>`. Needs no key. */
export function imageLinksApp(context: ServeContext, links: ImageLinks): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	app.onError((thrown, c) => failedAnswer(thrown, c, context, imagesFieldNames));
	app.get(`${LINKS_PATH}/:token`, async (c) => {
		const image = links.find(c.req.param("token"));
		const size = await image?.media.stat(image.reference).then(
			(info) => info.size,
			() => undefined,
		);
		if (image === undefined || size === undefined)
			throw new HttpError(404, "not_found", "there is no such image; URLs of images end after an hour");
		const { media, reference, mimeType } = image;
		const isShown = SHOWN_TYPES.has(mimeType);
		return new LightResponse(streamedBody(mediaChunks(media, reference), { outgoing: c.env.outgoing, onEnd: () => {} }), {
			headers: {
				"content-type": isShown ? mimeType : "application/octet-stream",
				"content-length": String(size),
				"content-disposition": isShown ? "inline" : "attachment",
				"content-security-policy": "default-src 'none'; sandbox",
				"cross-origin-resource-policy": "cross-origin",
				"cache-control": "private, max-age=3600, immutable",
			},
		});
	});
	return app;
}

async function answered(
	c: Context<ServeEnv>,
	context: ServeContext,
	{ payload, options, form, stream }: ImagesCall,
	links: ImageLinks,
): Promise<Response> {
	c.get("client").check("image_generation", payload.model);
	const call = servedCall(c, context, options);
	const { payload: given, backend } = await call.hostClient.call("image_generation", payload, call.options);
	const result = call.withDropped(given);
	const headers = call.headers(backend.instance, result.downgrades);
	const { hostClient, created } = call;
	const { media } = hostClient;
	const { outgoing } = c.env;
	const onEnd = (): void => removeImages(media, result);
	if (stream) return streamed(call, payload, result, headers, { outgoing, onEnd });
	if (form === "url") {
		const origin = new URL(c.req.url).origin;
		const urlOf = ({ media: reference, mime_type }: img.Image): string =>
			`${origin}/v1${LINKS_PATH}/${links.add(hostClient, { reference, mimeType: mime_type })}`;
		const body = imagesBody(result, created, (image) => ({ url: urlOf(image) }));
		return jsonAnswer(body, headers, { outgoing, onEnd: () => {} });
	}
	const body = imagesBody(result, created, (image) => ({ content: mediaChunks(media, image.media) }));
	return jsonAnswer(body, headers, { outgoing, onEnd });
}

function jsonAnswer(body: AsyncIterable<string>, headers: Record<string, string>, options: StreamedBodyOptions): Response {
	return new LightResponse(streamedBody(body, options), { headers: { "content-type": "application/json", ...headers } });
}

/** Answers with an event for each image. No backend has partial images. */
function streamed(
	{ hostClient, created }: ServedCall,
	payload: img.Request,
	result: img.Response,
	headers: Record<string, string>,
	options: StreamedBodyOptions,
): Response {
	const { media } = hostClient;
	const events = async function* (): AsyncGenerator<string, void, void> {
		for (const image of result.images) {
			const bytes = await media.get(image.media);
			const event = completedEvent(payload, result, image, Buffer.from(bytes).toString("base64"), created);
			yield `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
		}
	};
	return new LightResponse(streamedBody(events(), options), {
		headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache, no-transform", ...headers },
	});
}

/** Removes the images of an answer: the client has them. */
function removeImages(media: HostClient["media"], { images }: img.Response): void {
	for (const image of images) removeMedia(media, image.media);
}

function imagesOf({ files }: Upload): UploadedImages {
	return {
		images: files.filter(({ name }) => name === "image").map(({ reference }) => reference),
		mask: files.find(({ name }) => name === "mask")?.reference,
	};
}
